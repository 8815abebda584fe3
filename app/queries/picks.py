"""Which products go with orders: two statements for a whole batch, chosen by `flows.recommend`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.picks import Pick, Why
from flows.picture import OrderPicture
from flows.recommend import Candidate, choose

ProductKey = tuple[int, str]


def load_picks(
    session: Session, pictures: Mapping[OrderKey, OrderPicture]
) -> dict[OrderKey, tuple[Pick, ...]]:
    """By order; absent where nothing goes with it."""
    lines = {
        (shop, line.product_id)
        for (shop, _), picture in pictures.items()
        for line in picture.kept_lines()
        if line.product_id
    }
    candidates = _candidates(session, lines)
    bought = _bought_lately(session, pictures)
    found = {}
    for key, picture in pictures.items():
        of = {product: rows for line in picture.order.lines if (product := line.product_id or "")
              and (rows := candidates.get((key[0], product)))}  # fmt: skip
        if of and (picks := choose(picture, of, bought.get(key, ()))):
            found[key] = picks
    return found


def _candidates(session: Session, keys: Collection[ProductKey]) -> dict[ProductKey, list[Candidate]]:
    found: dict[ProductKey, list[Candidate]] = defaultdict(list)
    for row in session.execute(_CANDIDATES, key_arrays(keys)):
        found[row.shop_id, row.product_id].append(
            Candidate(row.pick_id, Why(row.why), row.support, row.rank, row.price, row.currency, row.on_sale)
        )
    return found


def _bought_lately(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, list[str]]:
    """What whoever ordered bought in the year before the order, and since."""
    rows = session.execute(_BOUGHT, key_arrays(keys))
    return {(row.shop_id, row.id): row.products for row in rows}


_CANDIDATES = text(f"""
SELECT c.shop_id, c.product_id, c.pick_id, c.why, c.support, c.rank, (p.body->>'price')::bigint AS price,
    p.body->>'currency' AS currency,
    (p.body->>'published')::boolean AND coalesce((p.body->>'available')::boolean, true) AS on_sale
FROM product_picks c JOIN {KEYS} ON c.shop_id = k.shop_id AND c.product_id = k.id
JOIN products p ON p.shop_id = c.shop_id AND p.id = c.pick_id
""")
# By person and not by order: whatever the planner makes of tables that it knows little of.
_BOUGHT = text(f"""
WITH wanted AS MATERIALIZED (
    SELECT o.shop_id, o.id, o.email, o.placed_at FROM orders o JOIN {KEYS} USING (shop_id, id)
    WHERE o.email IS NOT NULL
), theirs AS MATERIALIZED (
    SELECT p.shop_id, p.email, q.id, q.placed_at
    FROM (SELECT DISTINCT shop_id, email FROM wanted) p
    JOIN orders q ON q.shop_id = p.shop_id AND q.email = p.email
), bought AS MATERIALIZED (
    SELECT t.shop_id, t.email, b.product_id, max(t.placed_at) AS last
    FROM theirs t JOIN order_products b ON b.shop_id = t.shop_id AND b.order_id = t.id
    GROUP BY 1, 2, 3
)
SELECT w.shop_id, w.id, array_agg(b.product_id) AS products
FROM wanted w JOIN bought b USING (shop_id, email)
WHERE b.last > w.placed_at - interval '1 year'
GROUP BY 1, 2
""")
