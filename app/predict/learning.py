"""What buyers of a product do and what goes with it, learnt anew of products that were bought since.

A product is looked at once a day at most; a look costs what its own orders cost, never the whole shop's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session

BATCH = 50
AT_MOST_EVERY = timedelta(hours=20)
TOGETHER_AT_LEAST = 5
"""Orders that hold both products, for one to be shown to buyers of the other."""
KEPT = 12
_ORDERS_READ = 20_000
_BASKETS_READ = 5_000


def learn(database: Database, now: datetime) -> int:
    """One batch of one shop. Returns how many products were looked at; 0: nothing is stale."""
    with database.crossing() as session:
        shop_id = next_stale(session, now)
    if shop_id is None:
        return 0
    with database.shops(shop_id) as session:
        return learn_of(session, shop_id, now)


def next_stale(session: Session, now: datetime) -> int | None:
    """A shop with products to look at."""
    found = session.execute(_NEXT_SHOP, {"before": now - AT_MOST_EVERY}).scalar()
    return None if found is None else int(found)


def learn_of(session: Session, shop_id: int, now: datetime) -> int:
    """Who stores an order of these products meanwhile waits, so that no order is overlooked."""
    given = {"shop": shop_id, "before": now - AT_MOST_EVERY, "now": now, "limit": BATCH}
    products = [row.product_id for row in session.execute(_CLAIM, given)]
    if products:
        of = {"shop": shop_id, "products": products}
        session.execute(_HABITS, {**of, "now": now, "most": _ORDERS_READ})
        session.execute(_DROP_PICKS, of)
        session.execute(_PICKS, {**of, "most": _BASKETS_READ, "least": TOGETHER_AT_LEAST, "kept": KEPT})
    return len(products)


_NEXT_SHOP = text(
    "SELECT shop_id FROM product_habits WHERE stale AND coalesce(computed_at, '-infinity') <= :before LIMIT 1"
)
_CLAIM = text("""
SELECT product_id FROM product_habits
WHERE shop_id = :shop AND stale AND coalesce(computed_at, '-infinity') <= :before
ORDER BY product_id LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED
""")

# Orders of one day are one order. A person is an e-mail address.
_HABITS = text("""
WITH wanted AS (
    SELECT unnest(CAST(:products AS text[])) AS product_id
), days AS (
    SELECT w.product_id, o.email, b.placed_at::date AS day, sum(b.quantity) AS quantity
    FROM wanted w CROSS JOIN LATERAL (
        SELECT p.order_id, p.placed_at, p.quantity FROM order_products p
        WHERE p.shop_id = :shop AND p.product_id = w.product_id ORDER BY p.placed_at DESC LIMIT :most
    ) b JOIN orders o ON o.shop_id = :shop AND o.id = b.order_id
    WHERE o.email IS NOT NULL
    GROUP BY w.product_id, o.email, b.placed_at::date
), steps AS (
    SELECT product_id, day, quantity,
        row_number() OVER person AS nth, lead(day) OVER person AS next_day
    FROM days WINDOW person AS (PARTITION BY product_id, email ORDER BY day)
), learnt AS (
    SELECT product_id, percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY next_day - day) AS gaps,
        count(*) AS samples, percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity) AS quantity
    FROM steps WHERE nth = 1 AND next_day IS NOT NULL GROUP BY product_id
), counted AS (
    SELECT w.product_id, (SELECT count(*) FROM order_products p
        WHERE p.shop_id = :shop AND p.product_id = w.product_id) AS orders
    FROM wanted w
)
UPDATE product_habits h SET stale = false, computed_at = :now, orders = c.orders,
    early = l.gaps[1], days = l.gaps[2], late = l.gaps[3], samples = coalesce(l.samples, 0),
    quantity = coalesce(l.quantity, 1)
FROM counted c LEFT JOIN learnt l USING (product_id)
WHERE h.shop_id = :shop AND h.product_id = c.product_id
""")

_DROP_PICKS = text("DELETE FROM product_picks WHERE shop_id = :shop AND product_id = any(:products)")

# Together by how much more often than chance would have it; the rest by how often they are bought at all.
_PICKS = text("""
WITH wanted AS (
    SELECT h.product_id, h.orders, p.body->>'kind' AS kind, p.body->>'vendor' AS vendor,
        (p.body->>'price')::bigint AS price, p.body->>'currency' AS currency
    FROM product_habits h JOIN products p ON p.shop_id = h.shop_id AND p.id = h.product_id
    WHERE h.shop_id = :shop AND h.product_id = any(:products)
), together AS (
    SELECT w.product_id, y.product_id AS pick_id, 'together' AS why, count(*) AS support,
        count(*) / sqrt(max(w.orders)::float * greatest(max(h.orders), count(*))) AS score, 0 AS place
    FROM wanted w CROSS JOIN LATERAL (
        SELECT p.order_id FROM order_products p
        WHERE p.shop_id = :shop AND p.product_id = w.product_id ORDER BY p.placed_at DESC LIMIT :most
    ) x JOIN order_products y ON y.shop_id = :shop AND y.order_id = x.order_id
        AND y.product_id <> w.product_id
    JOIN product_habits h ON h.shop_id = :shop AND h.product_id = y.product_id
    GROUP BY w.product_id, y.product_id HAVING count(*) >= :least
), shelf AS (
    SELECT p.id, p.body->>'kind' AS kind, p.body->>'vendor' AS vendor, (p.body->>'price')::bigint AS price,
        p.body->>'currency' AS currency, coalesce(h.orders, 0) AS orders,
        (p.body->>'kind') || ' ' || (p.body->>'title') || ' ' || (p.body->>'tags')
            ~* '\\m(bundle|set|kit|paket|bündel)s?\\M' AS bundle
    FROM products p LEFT JOIN product_habits h ON h.shop_id = p.shop_id AND h.product_id = p.id
    WHERE p.shop_id = :shop AND p.body->>'parent_id' IS NULL AND (p.body->>'published')::boolean
        AND coalesce((p.body->>'available')::boolean, true)
        AND (p.body->>'kind' IN (SELECT kind FROM wanted WHERE kind <> '')
            OR p.body->>'vendor' IN (SELECT vendor FROM wanted WHERE vendor <> ''))
), near AS (
    SELECT w.product_id, s.id AS pick_id,
        CASE WHEN s.kind <> w.kind OR w.kind = '' THEN 'vendor' WHEN s.bundle THEN 'bundle'
            ELSE 'category' END AS why,
        0 AS support,
        s.orders + CASE WHEN s.vendor = w.vendor AND s.vendor <> '' THEN 0.5 ELSE 0 END AS score,
        CASE WHEN s.kind <> w.kind OR w.kind = '' THEN 3 WHEN s.bundle THEN 1 ELSE 2 END AS place
    FROM wanted w CROSS JOIN LATERAL (
        SELECT * FROM shelf s WHERE s.id <> w.product_id
            AND ((s.kind = w.kind AND w.kind <> '') OR (s.vendor = w.vendor AND w.vendor <> ''))
            AND s.currency = w.currency AND s.price * 100 BETWEEN w.price * 40 AND w.price * 160
        ORDER BY s.kind = w.kind DESC, s.orders DESC, s.id LIMIT :kept
    ) s
    WHERE NOT EXISTS (SELECT FROM together t WHERE t.product_id = w.product_id AND t.pick_id = s.id)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY place, score DESC, pick_id) - 1 AS rank
    FROM (SELECT * FROM together UNION ALL SELECT * FROM near) every_one
)
INSERT INTO product_picks (shop_id, product_id, pick_id, rank, why, support)
SELECT :shop, product_id, pick_id, rank, why, support FROM ranked WHERE rank < :kept
""")
