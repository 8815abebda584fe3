"""What was told of mails that left: by shop, and what is too early to be any shop's."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

feedback = Table(
    "feedback",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("machine", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("applied_at", Instant),
)

early_feedback = Table(
    "early_feedback",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body", Json, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("tried_at", Instant, nullable=False),
)
