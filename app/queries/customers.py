"""Who ordered before: read off the orders that are stored and off the store's own count, which knows
those that it does not show us (it shows 60 days, unless the merchant's platform grants more)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays


class Rank(StrEnum):
    FIRST = "first"
    REPEAT = "repeat"


def order_ranks(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, Rank]:
    """Of every order that is stored: its buyer's first, or not."""
    found = orders_before(session, keys)
    return {key: Rank.REPEAT if earlier else Rank.FIRST for key, earlier in found.items()}


def orders_before(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, int]:
    """How many orders a buyer had placed before each of these, in one statement. A buyer is an e-mail
    address, guests included, and the store's customer where one is named; what the store counts beyond
    the orders that we hold was placed before them. It counts within a minute of what it says."""
    return {(row.shop_id, row.id): row.earlier for row in session.execute(_BEFORE, key_arrays(keys))}


_BEFORE = text(f"""
SELECT o.shop_id, o.id, (
    SELECT count(*) FROM (
        SELECT p.id FROM orders p
        WHERE p.shop_id = o.shop_id AND p.email = o.email AND p.placed_at < o.placed_at
        UNION
        SELECT p.id FROM orders p
        WHERE p.shop_id = o.shop_id AND p.customer_id = o.customer_id
            AND p.placed_at < o.placed_at
    ) stored
) + coalesce((
    SELECT greatest(0, (c.body->>'order_count')::bigint - (
        SELECT count(*) FROM orders p
        WHERE p.shop_id = c.shop_id AND p.customer_id = c.id
            AND p.placed_at <= (c.body->>'counted_at')::timestamptz + interval '1 minute'
    ))
    FROM customers c
    WHERE c.shop_id = o.shop_id AND c.id = o.customer_id
), 0) AS earlier
FROM orders o JOIN {KEYS} USING (shop_id, id)
""")
