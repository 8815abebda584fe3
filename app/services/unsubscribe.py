"""A person leaves, by topic or by class of mail: remembered as a keyed hash, effective for the next
hand-over. The way back is open only where the person left through us."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.services.consent_sync import Tell, owe_consent
from app.services.locks import lock_shop
from emails.address import one_spelling
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


@dataclass(frozen=True, slots=True)
class Left:
    """What one press did: how many mails it cancelled, and the scopes that were not left before it."""

    cancelled: int
    scopes: tuple[str, ...]


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
    tell: Tell | None = None,
    reason: str = UNSUBSCRIBED,
) -> Left:
    """Stores the suppression, cancels what is open for the address and ends its journeys, at once. With
    `tell` the store hears of it too. `reason`: what the person did; of anything else than leaving through us
    there is no way back.

    Repeating it changes nothing. The message tells the address; the hash alone is kept for ever.
    """
    wanted = [scopes] if isinstance(scopes, str) else list(scopes)
    parameters = {
        "shop": shop_id,
        "message": message_id,
        "keys": [flow.key for flow in flows if _belongs(flow, wanted)],
        "classes": [scope for scope in wanted if scope in ALL_OPTIONAL],
        "now": now,
        "reason": EventKind.UNSUBSCRIBED.value,
    }
    # Both in one commit, and without the shop's lock: whoever holds that may take its time, and a mail
    # that is claimed by now must not leave meanwhile.
    with database.shops(shop_id) as session:
        new = _insert(session, shop_id, address_hash, wanted, reason, now)
        cancelled = len(session.execute(text(_CANCEL), parameters).all())
        if tell is not None:
            owe_consent(session, shop_id, address_hash, tell, now)
    with database.shops(shop_id) as session:
        lock_shop(session, shop_id)
        # Who held the lock may have planned mails that were not to be seen a moment ago.
        cancelled += len(session.execute(text(_CANCEL), parameters).all())
        emails = _emails(session, shop_id, message_id)
        ids = [row.id for row in session.execute(text(_END), {**parameters, "emails": emails})]
        session.execute(text("DELETE FROM timers WHERE journey_id = any(:ids)"), {"ids": ids})
    return Left(cancelled, tuple(new))


def rejoin(
    database: Database,
    shop_id: int,
    topics: Collection[Topic],
    address_hash: str,
    now: datetime,
    tell: Tell | None = None,
) -> None:
    """Takes back what the person left through us. A bounce, a complaint and what the store itself knows
    of the person's consent stay as they are. Where a whole class was left, its other topics stay left."""
    classes = {CLASS_OF[topic].value for topic in topics}
    others = [topic for topic in Topic if topic not in topics and CLASS_OF[topic].value in classes]
    with database.shops(shop_id) as session:
        # One after the other: of two topics that come back at once, each must see what the other did.
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))"),
            {"person": f"{shop_id}:{address_hash}"},
        )
        session.execute(
            text(_REJOIN),
            {
                "shop": shop_id,
                "hash": address_hash,
                "scopes": [*classes, *(topic.value for topic in topics)],
                "others": [topic.value for topic in others],
                "classes": [CLASS_OF[topic].value for topic in others],
                "reason": UNSUBSCRIBED,
                "now": now,
            },
        )
        if tell is not None:
            owe_consent(session, shop_id, address_hash, tell, now)


def undo_leaving(
    database: Database,
    shop_id: int,
    address_hash: str,
    scopes: Collection[str],
    at: datetime,
    tell: tuple[Tell, datetime] | None = None,
) -> None:
    """Takes back what one press left: `scopes`, `at` that instant. What was left before it, and what was
    left anew since, stays left. `tell`: to the store, and the present instant."""
    with database.shops(shop_id) as session:
        session.execute(
            text(
                "DELETE FROM suppressions WHERE shop_id = :shop AND address_hash = :hash"
                " AND scope = any(:scopes) AND reason = :reason AND at = :at"
            ),
            {
                "shop": shop_id,
                "hash": address_hash,
                "scopes": list(scopes),
                "reason": UNSUBSCRIBED,
                "at": at,
            },
        )
        if tell is not None:
            owe_consent(session, shop_id, address_hash, *tell)


def _belongs(flow: Flow, scopes: Collection[str]) -> bool:
    """Transactional flows belong to no scope that anybody can leave."""
    if flow.mail_class is MailClass.TRANSACTIONAL:
        return False
    return flow.mail_class.value in scopes or (flow.topic is not None and flow.topic.value in scopes)


def _insert(
    session: Session, shop_id: int, address_hash: str, scopes: Collection[str], reason: str, now: datetime
) -> list[str]:
    """Returns the scopes that are new, or for which there is no way back any more."""
    rows = session.execute(
        text(
            "INSERT INTO suppressions (shop_id, address_hash, scope, reason, at)"
            " SELECT :shop, :hash, scope, :reason, :now FROM unnest(CAST(:scopes AS text[])) AS t(scope)"
            # What weighs more takes the place of what there is a way back from, and of a mere rest.
            " ON CONFLICT (shop_id, address_hash, scope) DO UPDATE"
            " SET reason = excluded.reason, at = excluded.at, until = NULL"
            " WHERE (suppressions.reason = :left AND excluded.reason <> :left)"
            " OR suppressions.until IS NOT NULL RETURNING scope"
        ),
        {
            "shop": shop_id,
            "hash": address_hash,
            "scopes": sorted(scopes),
            "reason": reason,
            "left": UNSUBSCRIBED,
            "now": now,
        },
    )
    return [row.scope for row in rows]


def _emails(session: Session, shop_id: int, message_id: int) -> list[str]:
    """The address that the message went to, and as the store writes it."""
    rows = session.execute(_ADDRESS, {"shop": shop_id, "message": message_id})
    return [one for row in rows for one in {row.reader, row.told} if one and one_spelling(one) == row.reader]


_ADDRESS = text(
    "SELECT m.reader, o.email AS told FROM messages m"
    " LEFT JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id"
    " WHERE m.shop_id = :shop AND m.id = :message"
)

# A message of a flow that we no longer ship still has its class. In the order of their ids: two that
# cancel the same mails must not wait for each other.
_CANCEL = """
UPDATE messages SET state = 'cancelled', reason = 'unsubscribed', changed_at = :now
WHERE state IN ('due', 'claimed') AND id IN (
    SELECT m.id FROM messages s JOIN messages m
        ON m.shop_id = s.shop_id AND m.reader = s.reader
    WHERE s.id = :message AND s.shop_id = :shop
        AND (m.flow_key = any(:keys) OR m.mail_class = any(:classes)) AND m.state IN ('due', 'claimed')
    ORDER BY m.id FOR NO KEY UPDATE OF m)
RETURNING id
"""

_REJOIN = """
WITH taken_back AS (
    DELETE FROM suppressions WHERE shop_id = :shop AND address_hash = :hash
        AND scope = any(:scopes) AND reason = :reason RETURNING scope)
INSERT INTO suppressions (shop_id, address_hash, scope, reason, at)
SELECT :shop, :hash, o.scope, :reason, :now
FROM unnest(CAST(:others AS text[]), CAST(:classes AS text[])) AS o(scope, class)
    JOIN taken_back ON taken_back.scope = o.class
ON CONFLICT DO NOTHING
"""

# Journeys that have mailed the person, and those of its orders that have not mailed yet.
_END = """
UPDATE journeys j SET status = 'ended', end_reason = :reason, wake_at = NULL,
    revision = j.revision + 1, changed_at = :now
WHERE j.shop_id = :shop AND j.status = 'active' AND j.id IN (
    SELECT m.journey_id FROM messages s JOIN messages m
        ON m.shop_id = s.shop_id AND m.reader = s.reader
    WHERE s.id = :message AND s.shop_id = :shop
        AND (m.flow_key = any(:keys) OR m.mail_class = any(:classes))
    UNION ALL
    SELECT w.id FROM orders o JOIN journeys w ON w.shop_id = o.shop_id AND w.order_id = o.id
    WHERE o.shop_id = :shop AND o.email = any(:emails) AND w.flow_key = any(:keys))
RETURNING j.id
"""
