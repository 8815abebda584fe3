"""When a process that must never be silent was last alive."""

from sqlalchemy import Column, Table, Text

from app.models.base import Instant, metadata

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
