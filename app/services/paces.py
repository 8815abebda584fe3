"""How often a person wants to hear from a shop: kept as they choose it, effective for the next hand-over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Database
from flows.desk import READER_PACE
from flows.pace import Pace


def choose_pace(
    database: Database, shop_id: int, message_id: int, address_hash: str, pace: Pace, now: datetime
) -> None:
    """A mail that was weighed by the old pace and has not left is weighed anew. The message tells whose
    waiting mails are asked about at once."""
    given = {
        "shop": shop_id,
        "hash": address_hash,
        "message": message_id,
        "days": pace.offer_days,
        "until": pace.break_until,
        "now": now,
        "reason": READER_PACE,
    }
    with database.shops(shop_id) as session:
        session.execute(_KEEP, given)
        session.execute(_TAKE_TURN, given)
        session.execute(_WEIGH_ANEW, given)


_KEEP = text(
    "INSERT INTO reader_paces (shop_id, address_hash, offer_days, break_until, changed_at)"
    " VALUES (:shop, :hash, :days, :until, :now) ON CONFLICT (shop_id, address_hash) DO UPDATE"
    " SET offer_days = excluded.offer_days, break_until = excluded.break_until,"
    " changed_at = excluded.changed_at"
)
# Whoever marks a mail by an older turn fails, and decides on it once more.
_TAKE_TURN = text(
    "INSERT INTO desk_turns AS d (shop_id, address_hash, turn) VALUES (:shop, :hash, 1)"
    " ON CONFLICT (shop_id, address_hash) DO UPDATE SET turn = d.turn + 1"
)
# In the order of their ids, as whoever cancels a person's mails: neither waits for the other.
_WEIGH_ANEW = text(
    "UPDATE messages SET next_at = greatest(due_at, :now) WHERE id IN (SELECT m.id FROM messages m"
    " JOIN messages s ON s.id = :message AND s.shop_id = m.shop_id"
    " WHERE m.shop_id = :shop AND m.state = 'due' AND m.reason = :reason AND m.order_id IN (SELECT o.id"
    "  FROM orders q JOIN orders o ON o.shop_id = q.shop_id AND o.email = q.email"
    "  WHERE q.shop_id = s.shop_id AND q.id = s.order_id)"
    " ORDER BY m.id FOR NO KEY UPDATE OF m)"
)
