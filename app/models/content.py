"""What a merchant wrote for mails: a guide, a checklist, a story."""

from sqlalchemy import Column, Integer, Table, Text

from app.models.base import Instant, metadata, shop_id

SHOP, CATEGORY, PRODUCT = "shop", "category", "product"

# `scope_id`: "" for the whole shop, a category in small letters, a product's id.
contents = Table(
    "contents",
    metadata,
    shop_id(primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("scope_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
