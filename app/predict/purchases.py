"""Which products are in which order, kept beside the orders; what was learnt of them is stale then."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays


def keep_purchases(session: Session, keys: Collection[OrderKey]) -> None:
    """Of orders as they are stored now, in one statement. Orders that were cancelled, are gone, unpaid or
    tests hold nothing, nor do gift cards count."""
    if keys:
        session.execute(_KEEP, key_arrays(sorted(keys)))


_KEEP = text(f"""
WITH told AS (
    SELECT o.shop_id, o.id, o.placed_at, o.body FROM orders o JOIN {KEYS} USING (shop_id, id)
), lines AS (
    SELECT t.shop_id, t.id AS order_id, l->>'product_id' AS product_id, t.placed_at,
        least(sum((l->>'quantity')::bigint), 100000)::integer AS quantity
    FROM told t, jsonb_array_elements(t.body->'lines') AS l
    WHERE t.body->>'state' = 'open' AND t.body->>'accepted_at' IS NOT NULL
        AND NOT (t.body->>'is_test')::boolean AND l->>'product_id' IS NOT NULL
        AND NOT (l->>'gift_card')::boolean AND (l->>'quantity')::bigint > 0
    GROUP BY t.shop_id, t.id, l->>'product_id', t.placed_at
), dropped AS (
    DELETE FROM order_products d USING told t
    WHERE d.shop_id = t.shop_id AND d.order_id = t.id AND NOT EXISTS (
        SELECT FROM lines n
        WHERE n.shop_id = d.shop_id AND n.order_id = d.order_id AND n.product_id = d.product_id)
    RETURNING d.shop_id, d.product_id
), kept AS (
    INSERT INTO order_products (shop_id, order_id, product_id, quantity, placed_at)
    SELECT shop_id, order_id, product_id, quantity, placed_at FROM lines
    ON CONFLICT (shop_id, order_id, product_id) DO UPDATE SET
        quantity = excluded.quantity, placed_at = excluded.placed_at
    WHERE (order_products.quantity, order_products.placed_at) <> (excluded.quantity, excluded.placed_at)
    RETURNING shop_id, product_id
)
INSERT INTO product_habits (shop_id, product_id)
SELECT shop_id, product_id FROM kept UNION SELECT shop_id, product_id FROM dropped ORDER BY 1, 2
ON CONFLICT (shop_id, product_id) DO UPDATE SET stale = true WHERE NOT product_habits.stale
""")
