"""A merchant's installation. The directory itself belongs to no tenant; its secrets do."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, SmallInteger, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

CONNECTED = "connected"
NEEDS_RECONNECT = "needs_reconnect"
UNINSTALLED = "uninstalled"

# When what waits in a paused shop is due: beyond every real instant, and still one that can be compared.
PARKED = datetime(9999, 1, 1, tzinfo=UTC)
SHOP_PAUSED = "shop_paused"

shops = Table(
    "shops",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("connected_at", Instant, nullable=False),
    Column("imported_at", Instant),
    Column("problem", Text),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("pages_prefix", Text, nullable=False),
    Column("platform_id", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("paused_at", Instant),
    Column("redacted_at", Instant),
    Column("pages_path", Text, nullable=False),
    Column("billed", Boolean, nullable=False),
    Column("for_tests", Boolean, nullable=False),
    Column("consent_choices", Json, nullable=False),
    Column("top_spent", Json, nullable=False),
    Column("top_counted_at", Instant),
    Column("holdout", SmallInteger, nullable=False),
    Column("outside_salt", Text, nullable=False),
    Column("brake", Text),
    Column("braked_at", Instant),
    Column("brake_freed_at", Instant),
)

shop_secrets = Table(
    "shop_secrets",
    metadata,
    shop_id(primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("sealed_with", Text, nullable=False),
    Column("renewed_at", Instant),
)
