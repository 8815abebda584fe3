"""What a shopper gets at most: the merchant's limits, whose turn it is, what other tools sent."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text

from app.models.base import Instant, metadata, shop_id

mail_limits = Table(
    "mail_limits",
    metadata,
    shop_id(primary_key=True),
    Column("gap_hours", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("week", Integer, nullable=False),
    Column("quiet_from", Integer, nullable=False),
    Column("quiet_until", Integer, nullable=False),
    Column("quiet_service", Boolean, nullable=False),
    Column("fresh_transactional", Integer, nullable=False),
    Column("fresh_service", Integer, nullable=False),
    Column("fresh_marketing", Integer, nullable=False),
    Column("unread_minutes", Integer),
    Column("changed_at", Instant, nullable=False),
)

reader_paces = Table(
    "reader_paces",
    metadata,
    shop_id(primary_key=True),
    Column("address_hash", Text, primary_key=True),
    Column("offer_days", Integer, nullable=False),
    Column("break_until", Instant),
    Column("changed_at", Instant, nullable=False),
)

desk_turns = Table(
    "desk_turns",
    metadata,
    shop_id(primary_key=True),
    Column("address_hash", Text, primary_key=True),
    Column("turn", BigInteger, nullable=False),
)

outside_sends = Table(
    "outside_sends",
    metadata,
    shop_id(primary_key=True),
    Column("id", Text, primary_key=True),
    Column("address_hash", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("mail_class", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
)
