"""What shoppers wrote about products, and what became of it."""

from sqlalchemy import BigInteger, Boolean, Column, SmallInteger, Table, Text

from app.models.base import Instant, metadata, shop_id

HELD = "held"
PUBLISHED = "published"
REJECTED = "rejected"

# The only grounds on which a review may be kept back (docs/reliability.md, "Reviews").
REJECTIONS = ("spam", "abuse", "personal_data", "off_topic", "illegal")

reviews = Table(
    "reviews",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("order_id", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("address_hash", Text, nullable=False),
    Column("stars", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("verified", Boolean, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Text),
)
