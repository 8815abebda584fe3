"""Groups of shoppers that a merchant put together, and what mails earned."""

from sqlalchemy import BigInteger, Column, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

segments = Table(
    "segments",
    metadata,
    shop_id(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("condition", Json, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

credits = Table(
    "credits",
    metadata,
    shop_id(primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    Column("flow_key", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
