"""How a shop's store was doing when we last looked."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

store_health = Table(
    "store_health",
    metadata,
    shop_id(primary_key=True),
    Column("checked_at", Instant),
    Column("findings", Json, nullable=False),
    Column("hooks_at", Instant),
    Column("hooks_broken", Boolean, nullable=False),
    Column("hooks_said", Json, nullable=False),
    Column("mended", BigInteger, nullable=False),
    Column("plugin", Json),
    Column("plugin_seen_at", Instant),
    Column("plugin_error", Text, nullable=False),
    Column("pushed", Json, nullable=False),
    Column("missed_at", Instant),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("rests_until", Instant),
    Column("strayed_from", Text, nullable=False),
    Column("strayed_at", Instant),
)
