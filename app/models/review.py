"""What shoppers wrote about products, and what became of it."""

from sqlalchemy import BigInteger, Boolean, Column, SmallInteger, Table, Text

from app.models.base import Instant, metadata, shop_id

HELD = "held"
PUBLISHED = "published"
REJECTED = "rejected"

# The only grounds on which a review may be kept back or taken down (docs/reliability.md, "Reviews").
REJECTIONS = ("spam", "abuse", "personal_data", "off_topic", "illegal")

# What a decision was: nobody who kept a review back knew its stars, whoever took one down could.
KEPT_BACK = "kept_back"
TAKEN_DOWN = "taken_down"

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
    # Whether its stars, as they are now, have been public at any time.
    Column("seen_public", Boolean, nullable=False),
)

# Every decision for ever, also after the review was decided anew or rewritten. `decision`: PUBLISHED,
# KEPT_BACK or TAKEN_DOWN; `stars` are those of its time.
review_decisions = Table(
    "review_decisions",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("review_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text),
    Column("stars", SmallInteger, nullable=False),
)
