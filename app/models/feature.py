"""What a merchant turned on that needs further rights."""

from sqlalchemy import Boolean, Column, Table, Text

from app.models.base import Instant, metadata, shop_id

features = Table(
    "features",
    metadata,
    shop_id(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
