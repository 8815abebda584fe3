"""Days on which somebody who agreed to offers came to a page about their order."""

from sqlalchemy import Column, Date, Table, Text

from app.models.base import Instant, metadata, shop_id

visits = Table(
    "visits",
    metadata,
    shop_id(primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("page", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", Instant, nullable=False),
)
