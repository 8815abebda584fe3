"""Reviews are published, kept back or taken down. Each decision is one statement with its own record.

Nobody who keeps a review back knows its stars, and they stay unknown while it is kept back; it can be
published after all, blind. A published one may be taken down for the same reasons, because the law and
other people's data can demand it; by then its stars were public, and the record says so for ever.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.models.review import HELD, PUBLISHED, REJECTED, REJECTIONS


def publish(
    session: Session, shop_id: int, review_ids: Collection[int], who: str, now: datetime, seen: datetime
) -> list[int]:
    """Held and rejected ones; returns which. `seen`: when they were read. One that was rewritten or decided
    since then is left alone."""
    decided = _decide(session, shop_id, review_ids, (HELD, REJECTED), PUBLISHED, None, who, now, seen)
    return list(decided)


def reject(
    session: Session, shop_id: int, review_id: int, reason: str, who: str, now: datetime, seen: datetime
) -> str | None:
    """KEPT_BACK for one that was held, TAKEN_DOWN for one that was published; None: left alone, as above.

    Raises ValueError for a reason that is none of `REJECTIONS`.
    """
    if reason not in REJECTIONS:
        raise ValueError(f"{reason!r} is no reason to reject a review")
    decided = _decide(session, shop_id, [review_id], (HELD, PUBLISHED), REJECTED, reason, who, now, seen)
    return decided.get(review_id)


def _decide(
    session: Session,
    shop_id: int,
    review_ids: Collection[int],
    sources: Collection[str],
    state: str,
    reason: str | None,
    who: str,
    now: datetime,
    seen: datetime,
) -> dict[int, str]:
    """The decision by review, for those that are in one of `sources` and as they were at `seen`."""
    rows = session.execute(
        _DECIDE,
        {
            "shop": shop_id,
            "ids": list(review_ids),
            "sources": list(sources),
            "state": state,
            "reason": reason,
            "who": who,
            "now": now,
            "seen": seen,
        },
    )
    return {row.review_id: row.decision for row in rows}


_DECIDE = text("""
WITH before AS (
    SELECT id, state, stars FROM reviews
    WHERE shop_id = :shop AND id = any(:ids) AND state = any(:sources)
    AND submitted_at <= :seen AND (decided_at IS NULL OR decided_at <= :seen)
    FOR UPDATE
), decided AS (
    UPDATE reviews r SET state = :state, reason = :reason, decided_at = :now, decided_by = :who,
        seen_public = seen_public OR 'published' IN (before.state, :state)
    FROM before WHERE r.shop_id = :shop AND r.id = before.id
)
INSERT INTO review_decisions (shop_id, review_id, at, who, decision, reason, stars)
SELECT :shop, id, :now, :who,
    CASE WHEN :state = 'published' THEN 'published' WHEN state = 'published' THEN 'taken_down'
    ELSE 'kept_back' END, :reason, stars
FROM before ORDER BY id RETURNING review_id, decision
""")
