"""Mails of a store's own that were held back for ours."""

from sqlalchemy import Column, Table, Text

from app.models.base import Instant, metadata, shop_id

HELD = "held"
REPLACED = "replaced"
RELEASED = "released"

held_mails = Table(
    "held_mails",
    metadata,
    shop_id(primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("mail", Text, primary_key=True),
    Column("held_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
