"""A merchant decides on reviews. Every decision is recorded; whoever keeps back by rating shows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.models.review import REJECTIONS
from app.queries.moderation import product_of
from app.services import changes
from app.services.reviews import publish, reject

AREA = "reviews"


def publish_chosen(
    session: Session,
    shop_id: int,
    review_ids: Collection[int],
    who: str,
    now: datetime,
    seen: datetime | None,
) -> int:
    """Returns how many were published by this: those that are already stay as they are."""
    count = publish(session, shop_id, review_ids, who, now, seen)
    if count == 1 and len(review_ids) == 1:
        words = f"Published the review of {product_of(session, shop_id, next(iter(review_ids)))}."
        changes.record(session, shop_id, now, who, AREA, words)
    elif count:
        changes.record(session, shop_id, now, who, AREA, f"Published {count} reviews.")
    return count


def keep_back(
    session: Session,
    shop_id: int,
    review_id: int,
    reason: str,
    who: str,
    now: datetime,
    seen: datetime | None,
) -> bool:
    """False: it is kept back already, or was rewritten since it was read.

    One that was published is taken down, for the same reasons only: its stars are known by then, so the
    record says so. Raises ValueError for a reason outside the list.
    """
    kept = reject(session, shop_id, review_id, reason, who, now, seen)
    down = not kept and _take_down(session, shop_id, review_id, reason, who, now)
    if kept or down:
        product = product_of(session, shop_id, review_id)
        known = ", after its stars were shown" if down else ""
        words = f"Kept back the review of {product}: {reason.replace('_', ' ')}{known}."
        changes.record(session, shop_id, now, who, AREA, words)
    return kept or down


def _take_down(session: Session, shop_id: int, review_id: int, reason: str, who: str, now: datetime) -> bool:
    assert reason in REJECTIONS
    rows = session.execute(
        text(
            "UPDATE reviews SET state = 'rejected', reason = :reason, decided_at = :now, decided_by = :who"
            " WHERE shop_id = :shop AND id = :id AND state = 'published' RETURNING id"
        ),
        {"shop": shop_id, "id": review_id, "reason": reason, "who": who, "now": now},
    )
    return rows.first() is not None
