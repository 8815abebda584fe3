"""A person leaves, by topic or by class of mail: remembered as a keyed hash, effective for the next
hand-over. The way back is open only where the person left through us."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.services.locks import lock_shop
from flows.events import EventKind
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.presets import PRESETS

UNSUBSCRIBED = "unsubscribed"

# Everything that nobody has to get.
ALL_OPTIONAL = (MailClass.SERVICE.value, MailClass.MARKETING.value)
CLASS_OF = {
    Topic.REVIEWS: MailClass.SERVICE,
    Topic.TIPS: MailClass.SERVICE,
    Topic.OFFERS: MailClass.MARKETING,
}


def suppress(
    database: Database, shop_id: int, address_hash: str, scope: str, reason: str, now: datetime
) -> None:
    """From now on no mail of the class or topic `scope` goes to the address; `ALL_CLASSES`: none at all."""
    with database.shops(shop_id) as session:
        _insert(session, shop_id, address_hash, [scope], reason, now)


def unsubscribe(
    database: Database,
    shop_id: int,
    message_id: int,
    scopes: str | Collection[str],
    address_hash: str,
    now: datetime,
    flows: Sequence[Flow] = PRESETS,
) -> int:
    """Stores the suppression, cancels what is open for the address and ends its journeys, at once.

    Repeating it changes nothing. The message tells the address; the hash alone is kept for ever.
    Returns how many mails were cancelled.
    """
    wanted = [scopes] if isinstance(scopes, str) else list(scopes)
    # The suppression first and for itself: whatever happens to the rest, no further mail leaves.
    with database.shops(shop_id) as session:
        _insert(session, shop_id, address_hash, wanted, UNSUBSCRIBED, now)
    with database.shops(shop_id) as session:
        lock_shop(session, shop_id)
        parameters = {
            "shop": shop_id,
            "message": message_id,
            "keys": [flow.key for flow in flows if _belongs(flow, wanted)],
            "classes": [scope for scope in wanted if scope in ALL_OPTIONAL],
            "now": now,
            "reason": EventKind.UNSUBSCRIBED.value,
        }
        cancelled = session.execute(text(_CANCEL), parameters).all()
        ended = session.execute(text(_END), parameters)
        ids = [row.id for row in ended]
        session.execute(text("DELETE FROM timers WHERE journey_id = any(:ids)"), {"ids": ids})
    return len(cancelled)


def rejoin(
    database: Database, shop_id: int, topics: Collection[Topic], address_hash: str, now: datetime
) -> None:
    """Takes back what the person left through us. A bounce, a complaint and what the store itself knows
    of the person's consent stay as they are. Where a whole class was left, its other topics stay left."""
    with database.shops(shop_id) as session:
        left = _left(session, shop_id, address_hash)
        classes = {CLASS_OF[topic].value for topic in topics} & left
        others = [topic.value for topic in Topic if CLASS_OF[topic] in classes and topic not in topics]
        _insert(session, shop_id, address_hash, others, UNSUBSCRIBED, now)
        _take_back(session, shop_id, address_hash, [*classes, *(topic.value for topic in topics)])


def undo_leaving(database: Database, shop_id: int, address_hash: str) -> None:
    """Takes back that everything was left at once; topics that were left one by one stay left."""
    with database.shops(shop_id) as session:
        _take_back(session, shop_id, address_hash, ALL_OPTIONAL)


def _belongs(flow: Flow, scopes: Collection[str]) -> bool:
    """Transactional flows belong to no scope that anybody can leave."""
    if flow.mail_class is MailClass.TRANSACTIONAL:
        return False
    return flow.mail_class.value in scopes or (flow.topic is not None and flow.topic.value in scopes)


def _take_back(session: Session, shop_id: int, address_hash: str, scopes: Collection[str]) -> None:
    session.execute(
        text(
            "DELETE FROM suppressions WHERE shop_id = :shop AND address_hash = :hash"
            " AND scope = any(:scopes) AND reason = :reason"
        ),
        {"shop": shop_id, "hash": address_hash, "scopes": list(scopes), "reason": UNSUBSCRIBED},
    )


def _left(session: Session, shop_id: int, address_hash: str) -> set[str]:
    rows = session.execute(
        text(
            "SELECT scope FROM suppressions WHERE shop_id = :shop AND address_hash = :hash"
            " AND reason = :reason"
        ),
        {"shop": shop_id, "hash": address_hash, "reason": UNSUBSCRIBED},
    )
    return {row.scope for row in rows}


def _insert(
    session: Session, shop_id: int, address_hash: str, scopes: Collection[str], reason: str, now: datetime
) -> None:
    session.execute(
        text(
            "INSERT INTO suppressions (shop_id, address_hash, scope, reason, at)"
            " SELECT :shop, :hash, scope, :reason, :now FROM unnest(CAST(:scopes AS text[])) AS t(scope)"
            " ON CONFLICT DO NOTHING"
        ),
        {"shop": shop_id, "hash": address_hash, "scopes": list(scopes), "reason": reason, "now": now},
    )


# A message of a flow that we no longer ship still has its class.
_CANCEL = """
UPDATE messages m SET state = 'cancelled', reason = 'unsubscribed', changed_at = :now
FROM messages s WHERE s.id = :message AND s.shop_id = :shop
    AND m.shop_id = :shop AND lower(m.recipient) = lower(s.recipient)
    AND (m.flow_key = any(:keys) OR m.mail_class = any(:classes)) AND m.state IN ('due', 'claimed')
RETURNING m.id
"""

# Journeys that have mailed the person, and those of its orders that have not mailed yet.
_END = """
UPDATE journeys j SET status = 'ended', end_reason = :reason, wake_at = NULL,
    revision = j.revision + 1, changed_at = :now
WHERE j.shop_id = :shop AND j.status = 'active' AND j.id IN (
    SELECT m.journey_id FROM messages s JOIN messages m
        ON m.shop_id = s.shop_id AND lower(m.recipient) = lower(s.recipient)
    WHERE s.id = :message AND s.shop_id = :shop
        AND (m.flow_key = any(:keys) OR m.mail_class = any(:classes))
    UNION ALL
    SELECT w.id FROM messages s JOIN orders o ON o.shop_id = s.shop_id AND o.email = lower(s.recipient)
        JOIN journeys w ON w.shop_id = o.shop_id AND w.order_id = o.id
    WHERE s.id = :message AND s.shop_id = :shop AND w.flow_key = any(:keys))
RETURNING j.id
"""
