"""A shop's own domain that its mails come from."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

UNVERIFIED = "unverified"
VERIFIED = "verified"
BROKEN = "broken"

sending_domains = Table(
    "sending_domains",
    metadata,
    shop_id(primary_key=True),
    Column("domain", Text, nullable=False),
    Column("local", Text, nullable=False),
    Column("selector", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("found", Json, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("asked_at", Instant),
    Column("looked_at", Instant),
    Column("look_at", Instant, nullable=False),
    Column("verified_at", Instant),
    Column("failing_since", Instant),
    Column("unsure_since", Instant),
    Column("warm_day", Integer, nullable=False),
    Column("warm_taken", Integer, nullable=False),
)
