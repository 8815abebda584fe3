"""What was learnt of products, for a whole batch in one statement."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, key_arrays
from flows.replenishment import Habit

ProductKey = tuple[int, str]


def load_habits(session: Session, keys: Collection[ProductKey]) -> dict[ProductKey, Habit]:
    """A product of which nobody has learnt anything is absent."""
    if not keys:
        return {}
    return {
        (row.shop_id, row.product_id): Habit(row.days, row.early, row.late, row.samples, row.quantity)
        for row in session.execute(_HABITS, key_arrays(sorted(keys)))
    }


_HABITS = text(
    "SELECT h.shop_id, h.product_id, h.days, h.early, h.late, h.samples, h.quantity FROM product_habits h"
    f" JOIN {KEYS} ON h.shop_id = k.shop_id AND h.product_id = k.id"
)
