"""What the list of reviews counts and checks before something is decided."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from app.db import Session
from app.models.review import HELD, PUBLISHED, REJECTED


def count_by_state(session: Session, shop_id: int) -> dict[str, int]:
    rows = session.execute(
        text("SELECT state, count(*) AS n FROM reviews WHERE shop_id = :shop GROUP BY state"),
        {"shop": shop_id},
    )
    return {**dict.fromkeys((HELD, PUBLISHED, REJECTED), 0), **{row.state: row.n for row in rows}}


def all_known(session: Session, shop_id: int, review_ids: Collection[int]) -> bool:
    """Whether each of them is a review of this shop."""
    found = session.execute(
        text("SELECT count(*) FROM reviews WHERE shop_id = :shop AND id = any(:ids)"),
        {"shop": shop_id, "ids": list(set(review_ids))},
    )
    return int(found.scalar_one()) == len(set(review_ids))


def product_of(session: Session, shop_id: int, review_id: int) -> str:
    """The title of what was reviewed, for the list of changes."""
    found = session.execute(
        text(
            "SELECT coalesce(p.body ->> 'title', 'a product') FROM reviews r LEFT JOIN products p"
            " ON p.shop_id = r.shop_id AND p.id = r.product_id WHERE r.shop_id = :shop AND r.id = :id"
        ),
        {"shop": shop_id, "id": review_id},
    )
    return str(found.scalar_one_or_none() or "a product")
