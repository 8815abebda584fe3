"""Webhooks as they came in, what is to be read from the stores, and what was dropped."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Table, Text

from app.models.base import Instant, metadata, shop_id

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, primary_key=True),
    shop_id(),
    Column("topic", Text, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("triggered_at", Instant),
    Column("received_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("error", Text),
    Column("processed_at", Instant),
)

wishes = Table(
    "wishes",
    metadata,
    shop_id(primary_key=True),
    Column("noun", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("error", Text),
)

drops = Table(
    "drops",
    metadata,
    Column("day", Date, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

polls = Table(
    "polls",
    metadata,
    shop_id(primary_key=True),
    Column("noun", Text, primary_key=True),
    Column("watermark", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("began_at", Instant),
    Column("cursor", Text),
    Column("healed", BigInteger, nullable=False),
    Column("done", BigInteger),
    Column("total", BigInteger),
    Column("held", Boolean, nullable=False),
    Column("error", Text),
    Column("failures", Integer, nullable=False),
    Column("looked_at", Instant),
    Column("newest", Instant),
    Column("asked_at", Instant),
    Column("confirmed_at", Instant),
)
