"""Where a shop's own tool hears of messages that leave by it."""

from sqlalchemy import Column, Table, Text

from app.models.base import Instant, metadata, shop_id

webhook_doors = Table(
    "webhook_doors",
    metadata,
    shop_id(primary_key=True),
    Column("url", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("salt_before", Text),
    Column("before_until", Instant),
    Column("failing_since", Instant),
    Column("last_error", Text),
    Column("stopped_at", Instant),
    Column("changed_at", Instant, nullable=False),
)
