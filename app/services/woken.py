"""Mails that wait for something that somebody has just put right are asked about at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text

from app.db import Session


def wake_waiting(session: Session, shop_id: int, reasons: Iterable[str], now: datetime) -> None:
    """Those of the shop that wait for any of the reasons; never before their own instants."""
    session.execute(_WAKE, {"shop": shop_id, "reasons": sorted(reasons), "now": now})


# In the order of their ids, as whoever cancels a person's mails: neither waits for the other.
_WAKE = text(
    "UPDATE messages SET next_at = greatest(due_at, :now) WHERE id IN (SELECT id FROM messages"
    " WHERE shop_id = :shop AND state = 'due' AND next_at > :now AND reason = any(:reasons)"
    " ORDER BY id FOR NO KEY UPDATE)"
)
