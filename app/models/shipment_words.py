"""What a merchant's own statuses and fields mean for shipping."""

from sqlalchemy import Column, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

shipment_words = Table(
    "shipment_words",
    metadata,
    shop_id(primary_key=True),
    Column("statuses", Json, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("carrier_key", Text, nullable=False),
    Column("link_key", Text, nullable=False),
    Column("agreed_key", Text, nullable=False),
    Column("known", Json, nullable=False),
    Column("changed_at", Instant),
)
