"""The plan that a shop is on, as its platform says."""

from sqlalchemy import Column, Table, Text

from app.models.base import Instant, metadata, shop_id

shop_plans = Table(
    "shop_plans",
    metadata,
    shop_id(primary_key=True),
    Column("plan", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("subscription_id", Text, nullable=False),
    Column("verified_at", Instant, nullable=False),
)
