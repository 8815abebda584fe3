"""An installation that a merchant has begun and the store has not yet answered."""

from sqlalchemy import BigInteger, Column, Table, Text

from app.models.base import Instant, Json, metadata

install_attempts = Table(
    "install_attempts",
    metadata,
    Column("reference_hash", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("shop_id", BigInteger),
    Column("findings", Json, nullable=False),
)
