"""Codes that mails carry."""

from sqlalchemy import BigInteger, Column, Table, Text

from app.models.base import Instant, metadata, shop_id

coupons = Table(
    "coupons",
    metadata,
    shop_id(primary_key=True),
    Column("journey_id", BigInteger, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("flow_key", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minimum", BigInteger, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("asked_at", Instant, nullable=False),
)
