"""What a person or a shop demanded by law, until it is done and as long as the proof of it is kept."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

privacy_requests = Table(
    "privacy_requests",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Instant),
    Column("export", LargeBinary),
    Column("export_until", Instant),
    Column("error", Text),
)

# Whom and what a shop was told to forget, as keyed hashes (see `person.mark_of`), and when that was last.
forgotten = Table(
    "forgotten",
    metadata,
    shop_id(primary_key=True),
    Column("hash", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
