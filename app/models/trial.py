"""Second subjects that are tried beside the first."""

from sqlalchemy import Column, Integer, Table, Text

from app.models.base import Instant, metadata, shop_id

trials = Table(
    "trials",
    metadata,
    shop_id(primary_key=True),
    Column("flow_key", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
