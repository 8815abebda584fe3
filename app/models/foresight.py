"""What sells when and with what, and what is expected of orders."""

from sqlalchemy import Boolean, Column, Integer, Table, Text

from app.models.base import Instant, metadata, shop_id

product_words = Table(
    "product_words",
    metadata,
    shop_id(primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("timing", Text),
    Column("consumable", Boolean),
    Column("durable", Boolean),
    Column("digital", Boolean),
    Column("lasts_days", Integer),
    Column("pack", Integer),
    Column("changed_at", Instant, nullable=False),
)

order_products = Table(
    "order_products",
    metadata,
    shop_id(primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("placed_at", Instant, nullable=False),
)

product_habits = Table(
    "product_habits",
    metadata,
    shop_id(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("orders", Integer, nullable=False),
    Column("days", Integer),
    Column("early", Integer),
    Column("late", Integer),
    Column("samples", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("computed_at", Instant),
)

product_picks = Table(
    "product_picks",
    metadata,
    shop_id(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("pick_id", Text, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("support", Integer, nullable=False),
)

estimates = Table(
    "estimates",
    metadata,
    shop_id(primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("earliest", Instant),
    Column("latest", Instant),
    Column("samples", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("computed_at", Instant, nullable=False),
)
