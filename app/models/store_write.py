"""What we owe a store: one row per write, done once."""

from sqlalchemy import Column, Integer, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

store_writes = Table(
    "store_writes",
    metadata,
    shop_id(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("answer", Text),
    Column("error", Text),
)
