"""What the stores said: one row per thing, its newest state as a document."""

from sqlalchemy import Column, Computed, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

orders = Table(
    "orders",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Instant, nullable=False),
    Column("number", Text, nullable=False),
    Column("email", Text),
    Column("placed_at", Instant, nullable=False),
    Column("body", Json, nullable=False),
    Column("counted_at", Instant),
    Column("read_at", Instant),
    Column("customer_id", Text, Computed("body->>'customer_id'")),
)

parcels = Table(
    "parcels",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("version", Instant, nullable=False),
    Column("body", Json, nullable=False),
)

parcel_events = Table(
    "parcel_events",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("body", Json, nullable=False),
)

returns = Table(
    "returns",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("version", Instant, nullable=False),
    Column("body", Json, nullable=False),
)

refunds = Table(
    "refunds",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("body", Json, nullable=False),
)

products = Table(
    "products",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Instant, nullable=False),
    Column("body", Json, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Instant, nullable=False),
    Column("email", Text),
    Column("body", Json, nullable=False),
    Column("birthday", Text, Computed("body->>'birthday'")),
)
