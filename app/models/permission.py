"""What people allow: the store's consent states, and our own suppressions as keyed hashes."""

from sqlalchemy import Column, Table, Text

from app.models.base import Instant, metadata, shop_id

consents = Table(
    "consents",
    metadata,
    shop_id(primary_key=True),
    Column("email", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("at", Instant),
    Column("level", Text, nullable=False),
)

# `scope` is "*", a class of mail, or a topic. `until`: of an address that only rests.
ALL_CLASSES = "*"

suppressions = Table(
    "suppressions",
    metadata,
    shop_id(primary_key=True),
    Column("address_hash", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant),
)
