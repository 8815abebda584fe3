"""A person leaves: remembered as a keyed hash, effective for the next hand-over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.services.locks import lock_shop
from flows.events import EventKind


def suppress(
    database: Database, shop_id: int, address_hash: str, scope: str, reason: str, now: datetime
) -> None:
    """From now on no mail of the class or topic `scope` goes to the address; `ALL_CLASSES`: none at all."""
    with database.shops(shop_id) as session:
        _insert(session, shop_id, address_hash, scope, reason, now)


def unsubscribe(
    database: Database, shop_id: int, message_id: int, mail_class: str, address_hash: str, now: datetime
) -> None:
    """Stores the suppression, cancels what is open for the address and ends its journeys, at once.

    Repeating it changes nothing. The message tells the address; the hash alone is kept for ever.
    """
    # The suppression first and for itself: whatever happens to the rest, no further mail leaves.
    suppress(database, shop_id, address_hash, mail_class, "unsubscribed", now)
    with database.shops(shop_id) as session:
        lock_shop(session, shop_id)
        parameters = {
            "shop": shop_id,
            "message": message_id,
            "class": mail_class,
            "now": now,
            "reason": EventKind.UNSUBSCRIBED.value,
        }
        session.execute(
            text(
                "UPDATE messages m SET state = 'cancelled', reason = 'unsubscribed', changed_at = :now"
                " FROM messages s WHERE s.id = :message AND s.shop_id = :shop"
                " AND m.shop_id = :shop AND lower(m.recipient) = lower(s.recipient)"
                " AND m.mail_class = :class AND m.state IN ('due', 'claimed')"
            ),
            parameters,
        )
        ended = session.execute(
            text(
                "UPDATE journeys j SET status = 'ended', end_reason = :reason, wake_at = NULL,"
                " revision = j.revision + 1, changed_at = :now"
                " WHERE j.shop_id = :shop AND j.status = 'active' AND j.id IN ("
                "  SELECT m.journey_id FROM messages s JOIN messages m ON m.shop_id = s.shop_id"
                "   AND lower(m.recipient) = lower(s.recipient) AND m.mail_class = :class"
                "  WHERE s.id = :message AND s.shop_id = :shop) RETURNING j.id"
            ),
            parameters,
        )
        ids = [row.id for row in ended]
        session.execute(text("DELETE FROM timers WHERE journey_id = any(:ids)"), {"ids": ids})


def _insert(
    session: Session, shop_id: int, address_hash: str, scope: str, reason: str, now: datetime
) -> None:
    session.execute(
        text(
            "INSERT INTO suppressions (shop_id, address_hash, scope, reason, at)"
            " VALUES (:shop, :hash, :scope, :reason, :now) ON CONFLICT DO NOTHING"
        ),
        {"shop": shop_id, "hash": address_hash, "scope": scope, "reason": reason, "now": now},
    )
