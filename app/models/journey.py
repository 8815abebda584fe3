"""Events, switches, journeys, their timers, and orders that are looked at again."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, SmallInteger, Table, Text

from app.models.base import Instant, Json, metadata, shop_id

events = Table(
    "events",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("generation", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("parcel_id", Text),
    Column("happened_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("inbox_id", BigInteger),
    Column("declined", Json, nullable=False),
    Column("source", Text),
)

flow_switches = Table(
    "flow_switches",
    metadata,
    shop_id(primary_key=True),
    Column("flow_key", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("since", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("knobs", Json, nullable=False),
    Column("retime_after", BigInteger),
    Column("retime_knobs", Json, nullable=False),
    Column("worth", Integer),
    Column("only_for", Text),
    Column("holdout", SmallInteger, nullable=False),
    Column("channel", Text, nullable=False),
)

journeys = Table(
    "journeys",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("generation", Integer, nullable=False),
    Column("flow_key", Text, nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("parcel_id", Text),
    Column("event_key", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("step", Text),
    Column("anchor", Instant, nullable=False),
    Column("wake_at", Instant),
    Column("end_reason", Text),
    Column("variants", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

timers = Table(
    "timers",
    metadata,
    Column("journey_id", BigInteger, primary_key=True),
    shop_id(),
    Column("due_at", Instant, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("error", Text),
)

watches = Table(
    "watches",
    metadata,
    shop_id(primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("error", Text),
)
