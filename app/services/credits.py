"""Which mail an order came of. An order is credited once: a code of ours in it says more than a click.

Whatever the shop gives back of an order, its mail has not earned.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session, as_json
from app.queries.facts import FactBase
from app.queries.pictures import OrderKey
from flows.commerce import OrderState
from flows.picture import OrderPicture

WITHIN = timedelta(days=5)
"""How long after a click an order is taken to come of it. What was opened says nothing."""


def credit(session: Session, base: FactBase, touched: Collection[OrderKey], now: datetime) -> None:
    """Of the orders of a batch, in two statements: what is owed anew, and what it is worth by now."""
    rows = [
        {
            "shop_id": key[0],
            "order_id": key[1],
            "amount": kept_amount(base.pictures[key]),
            "counts": _counts(base, key),
        }
        for key in touched
        if key in base.pictures
    ]
    if not rows:
        return
    parameters = {"rows": as_json(rows), "now": now, "within": WITHIN}
    session.execute(_REVALUE, parameters)
    session.execute(_CREDIT, parameters)


def kept_amount(picture: OrderPicture) -> int:
    """What the shop keeps of it: nothing of what was cancelled, deleted or given back."""
    order = picture.order
    if order.state is not OrderState.OPEN or order.fully_refunded:
        return 0
    return max(order.total - picture.refunded_total(), 0)


def _counts(base: FactBase, key: OrderKey) -> bool:
    """An order that was taken on, went through this shop's tills and is no test."""
    order, shop = base.pictures[key].order, base.shops[key[0]]
    placed = order.accepted_at is not None and order.placed_at >= shop.connected_at
    return placed and not order.is_renewal and (shop.for_tests or not order.is_test)


_ROWS = (
    "jsonb_to_recordset(CAST(:rows AS jsonb))"
    " AS r(shop_id bigint, order_id text, amount bigint, counts boolean)"
)
_REVALUE = text(
    f"UPDATE credits c SET amount = r.amount, changed_at = :now FROM {_ROWS}"
    " WHERE c.shop_id = r.shop_id AND c.order_id = r.order_id AND c.amount <> r.amount"
)
# A code belongs to one mail; of several clicks the last before the order counts.
_CREDIT = text(f"""
WITH touched AS MATERIALIZED (
    SELECT o.shop_id, o.id, o.email, o.placed_at, o.body, r.amount
    FROM {_ROWS} JOIN orders o ON o.shop_id = r.shop_id AND o.id = r.order_id WHERE r.counts
), by_code AS (
    SELECT t.shop_id, t.id, m.id AS message_id, m.flow_key, m.step, 'coupon' AS rule, m.sent_at AS said_at
    FROM touched t CROSS JOIN LATERAL jsonb_array_elements_text(t.body->'discount_codes') AS used(code)
    JOIN coupons c ON c.shop_id = t.shop_id AND c.code = upper(btrim(used.code))
    JOIN messages m ON m.shop_id = c.shop_id AND m.journey_id = c.journey_id AND m.step = c.step
), by_click AS (
    SELECT t.shop_id, t.id, m.id AS message_id, m.flow_key, m.step, 'click' AS rule, e.at AS said_at
    FROM touched t JOIN orders q ON q.shop_id = t.shop_id AND q.email = t.email AND q.id <> t.id
    JOIN messages m ON m.shop_id = q.shop_id AND m.order_id = q.id
    JOIN message_events e ON e.shop_id = m.shop_id AND e.message_id = m.id AND e.kind = 'clicked'
    WHERE e.at <= t.placed_at AND e.at >= t.placed_at - CAST(:within AS interval)
), best AS (
    SELECT DISTINCT ON (shop_id, id) * FROM (SELECT * FROM by_code UNION ALL SELECT * FROM by_click) AS found
    ORDER BY shop_id, id, rule = 'coupon' DESC, said_at DESC NULLS LAST, message_id DESC
)
INSERT INTO credits (shop_id, order_id, message_id, flow_key, step, rule, amount, currency, at, changed_at)
SELECT t.shop_id, t.id, b.message_id, b.flow_key, b.step, b.rule, t.amount, t.body->>'currency',
    t.placed_at, :now
FROM touched t JOIN best b USING (shop_id, id)
ON CONFLICT (shop_id, order_id) DO UPDATE SET message_id = excluded.message_id,
    flow_key = excluded.flow_key, step = excluded.step, rule = excluded.rule, changed_at = excluded.changed_at
WHERE excluded.rule = 'coupon' AND credits.rule = 'click'
""")
