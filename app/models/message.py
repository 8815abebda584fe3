"""The send ledger: one row per intended mail, for ever. Which state may follow which: docs/reliability.md."""

from sqlalchemy import BigInteger, Boolean, Column, Computed, Integer, SmallInteger, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

DUE = "due"
CLAIMED = "claimed"
SENDING = "sending"
SENT = "sent"
FAILED = "failed"
UNKNOWN = "unknown"
SKIPPED = "skipped"
CANCELLED = "cancelled"
EXPIRED = "expired"

messages = Table(
    "messages",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("generation", Integer, nullable=False),
    Column("journey_id", BigInteger, nullable=False),
    Column("flow_key", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("template", Text, nullable=False),
    Column("mail_class", Text, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("parcel_id", Text),
    Column("recipient", Text),
    Column("state", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("token", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text),
    Column("reasons", Json, nullable=False),
    Column("subject", Text),
    Column("message_id", Text),
    Column("provider", Text),
    Column("provider_id", Text),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("postponed_at", Instant),
    Column("reread_at", Instant),
    Column("variant", Text),
    Column("channel", Text, nullable=False),
    Column("may_have_left", Boolean, nullable=False),
    Column("account", Text),
    Column("first_try_at", Instant),
    Column("warm_day", Integer),
    Column("delivery", Text),
    Column("delivery_at", Instant),
    Column("reader", Text, Computed("lower(recipient)")),
)

message_events = Table(
    "message_events",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("message_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", Json, nullable=False),
)
