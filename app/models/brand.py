"""How a shop looks and speaks: its kit, its logo, its own words."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from app.models.base import Instant, metadata, shop_id

# Empty values: nothing was chosen, what the store says of itself or our own default counts.
brand_kits = Table(
    "brand_kits",
    metadata,
    shop_id(primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("accent", Text, nullable=False),
    Column("ink", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("fonts", Text, nullable=False),
    Column("radius", Integer),
    Column("sender_name", Text, nullable=False),
    Column("support_name", Text, nullable=False),
    Column("support_email", Text, nullable=False),
    Column("postal_address", Text, nullable=False),
    Column("logo_hash", Text),
    Column("night_logo_hash", Text),
    Column("tone", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

brand_logos = Table(
    "brand_logos",
    metadata,
    shop_id(primary_key=True),
    Column("hash", Text, primary_key=True),
    Column("png", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("set_at", Instant, nullable=False),
)

texts = Table(
    "texts",
    metadata,
    shop_id(primary_key=True),
    Column("language", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
