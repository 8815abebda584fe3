"""A shop's own account at a mail vendor; and of each account, ours as well, how it is."""

from sqlalchemy import Column, Double, LargeBinary, Table, Text

from app.models.base import Instant, metadata, shop_id

mail_accounts = Table(
    "mail_accounts",
    metadata,
    shop_id(primary_key=True),
    Column("kind", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("account", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("checked_at", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("problem", Text),
    Column("changed_at", Instant, nullable=False),
)

mail_vendors = Table(
    "mail_vendors",
    metadata,
    Column("account", Text, primary_key=True),
    Column("per_second", Double),
    Column("allowance", Double, nullable=False),
    Column("filled_at", Instant, nullable=False),
    Column("booked_until", Instant),
    Column("paced_at", Instant),
    Column("outcomes", Text, nullable=False),
    Column("open_until", Instant),
    Column("probe_until", Instant),
)
