"""A merchant decides on reviews: the decision and the line in the list of changes, together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from app.db import Session
from app.models.review import TAKEN_DOWN
from app.queries.moderation import product_of
from app.services import changes
from app.services.listed_reviews import owe_listing
from app.services.stars import owe_stars, products_of
from app.services.verdicts import publish, reject

AREA = "reviews"


def publish_chosen(
    session: Session,
    shop_id: int,
    review_ids: Collection[int],
    who: str,
    now: datetime,
    seen: datetime,
    real: datetime,
) -> int:
    """Returns how many were published by this: those that are already stay as they are, and so do those
    that were rewritten or decided since they were read. `real`: real time, for what the store is owed."""
    published = publish(session, shop_id, review_ids, who, now, seen)
    if published:
        owe_stars(session, shop_id, products_of(session, shop_id, published), real)
        owe_listing(session, shop_id, published, real)
    if len(published) == 1:
        words = f"Published the review of {product_of(session, shop_id, published[0])}."
        changes.record(session, shop_id, now, who, AREA, words)
    elif published:
        changes.record(session, shop_id, now, who, AREA, f"Published {len(published)} reviews.")
    return len(published)


def keep_back(
    session: Session,
    shop_id: int,
    review_id: int,
    reason: str,
    who: str,
    now: datetime,
    seen: datetime,
    real: datetime,
) -> str | None:
    """KEPT_BACK or TAKEN_DOWN; None: it is kept back already, or was rewritten or decided since it was read.

    Raises ValueError for a reason outside the list.
    """
    decision = reject(session, shop_id, review_id, reason, who, now, seen)
    if decision == TAKEN_DOWN:
        owe_stars(session, shop_id, products_of(session, shop_id, [review_id]), real)
        owe_listing(session, shop_id, [review_id], real)
    if decision:
        product, why = product_of(session, shop_id, review_id), reason.replace("_", " ")
        words = f"Kept back the review of {product}: {why}."
        if decision == TAKEN_DOWN:
            words = f"Took down the review of {product}, after its stars were public: {why}."
        changes.record(session, shop_id, now, who, AREA, words)
    return decision
