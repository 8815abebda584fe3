"""What merchants changed in the admin page: when, who, what, in words."""

from sqlalchemy import BigInteger, Column, Table, Text

from app.models.base import Instant, metadata, shop_id

admin_changes = Table(
    "admin_changes",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("words", Text, nullable=False),
)
