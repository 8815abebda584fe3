"""Every version of a mail that a merchant made their own, and the draft of the next."""

from sqlalchemy import Boolean, Column, Integer, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

mail_versions = Table(
    "mail_versions",
    metadata,
    shop_id(primary_key=True),
    Column("flow_key", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("words", Json, nullable=False),
    Column("arrangement", Json),
    Column("own_html", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("live", Boolean, nullable=False),
)
