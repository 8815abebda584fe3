"""Addresses that get a rest: mails to them come back, but the mailboxes are there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session
from app.models.permission import ALL_CLASSES

SOFT_BOUNCES = "soft_bounces"
WINDOW = timedelta(days=14)
SOFT = 3
REST = timedelta(days=30)
MOST = 50
"""Newest reports that are looked at. Three mails already earn a rest, so more are no mailbox's doing; and
whoever signs for a shop's own account may make up as many as they like."""


def rest(session: Session, shop_id: int, address_hash: str, now: datetime) -> None:
    """Three mails within a fortnight that a full or busy mailbox sent back: a month without any. Reckoned
    from all that is stored, so that the order in which it came does not matter."""
    session.execute(
        _REST,
        {
            "shop": shop_id,
            "hash": address_hash,
            "scope": ALL_CLASSES,
            "reason": SOFT_BOUNCES,
            "window": WINDOW,
            "rest": REST,
            "enough": SOFT,
            "most": MOST,
            "now": now,
        },
    )


def end_rests(database: Database, now: datetime) -> int:
    """Returns how many have rested. Of all shops at once."""
    with database.crossing() as session:
        ended = session.execute(
            text("DELETE FROM suppressions WHERE until IS NOT NULL AND until <= :now"), {"now": now}
        )
        return ended.rowcount


# Each mail counts once, however many servers tell of it; but each of its instants does, so that what is told
# later only ever adds a fortnight to those that are known, and takes none away.
_REST = text("""
WITH soft AS (
    SELECT DISTINCT message_id, at FROM (SELECT message_id, at FROM feedback
        WHERE shop_id = :shop AND address_hash = :hash AND kind = 'soft_bounced'
        ORDER BY at DESC LIMIT :most) newest
), full_windows AS (
    SELECT b.at FROM soft a JOIN soft b ON a.at > b.at - CAST(:window AS interval) AND a.at <= b.at
    GROUP BY b.at HAVING count(DISTINCT a.message_id) >= :enough
), last AS (SELECT max(at) + CAST(:rest AS interval) AS until FROM full_windows)
INSERT INTO suppressions (shop_id, address_hash, scope, reason, at, until)
SELECT :shop, :hash, :scope, :reason, until - CAST(:rest AS interval), until FROM last WHERE until > :now
ON CONFLICT (shop_id, address_hash, scope) DO UPDATE
    SET until = greatest(suppressions.until, excluded.until),
        at = greatest(suppressions.at, excluded.at) WHERE suppressions.until IS NOT NULL
""")
