"""Who ordered again: pairs of one person's orders, the later of which was not told of before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.events import EventKind


@dataclass(frozen=True, slots=True)
class Reorder:
    """`earlier`: the order that the later one follows. `at`: when the store took the later one on."""

    shop_id: int
    earlier: str
    later: str
    at: datetime


def reorders(session: Session, touched: Collection[OrderKey]) -> list[Reorder]:
    """Of persons with an order in `touched`: orders that a later one follows, as far as that was not told and
    they have a journey under way or are in `touched` themselves, in whatever order the store told of them. A
    person is an address, and the store's customer where one is named. This is one statement.

    An order that is cancelled later has been placed all the same: whoever placed it was here, and does not
    want to hear again that we miss them because it came to nothing. So nothing of this is taken back.
    """
    parameters = {**key_arrays(touched), "again": EventKind.ORDERED_AGAIN.value}
    rows = session.execute(_REORDERS, parameters)
    return [Reorder(row.shop_id, row.earlier, row.later, row.at) for row in rows]


# Of two orders of one second their ids decide. Orders from before the connection start nothing.
# The first of the later orders is enough: whatever would begin after it hears of it too. Whether it was told
# is read off what is on record, not off what is new: an address may be corrected long after the order.
_REORDERS = text(f"""
WITH touched AS MATERIALIZED (
    SELECT o.shop_id, o.id, o.email, o.customer_id FROM orders o JOIN {KEYS} USING (shop_id, id)
    WHERE o.body->>'accepted_at' IS NOT NULL
), theirs AS MATERIALIZED (
    SELECT e.shop_id, e.id FROM touched t JOIN orders e ON e.shop_id = t.shop_id AND e.email = t.email
    UNION
    SELECT e.shop_id, e.id FROM touched t
    JOIN orders e ON e.shop_id = t.shop_id AND e.customer_id = t.customer_id
)
SELECT e.shop_id, e.id AS earlier, l.id AS later, l.at
FROM theirs JOIN orders e USING (shop_id, id) JOIN shops s ON s.id = e.shop_id
    AND e.placed_at >= date_trunc('second', s.connected_at)
CROSS JOIN LATERAL (
    SELECT q.id, (q.body->>'accepted_at')::timestamptz AS at FROM (
        SELECT * FROM orders m WHERE m.shop_id = e.shop_id AND m.email = e.email
            AND (m.placed_at, m.id) > (e.placed_at, e.id)
        UNION ALL
        SELECT * FROM orders c WHERE c.shop_id = e.shop_id AND c.customer_id = e.customer_id
            AND (c.placed_at, c.id) > (e.placed_at, e.id)
    ) q
    WHERE q.body->>'accepted_at' IS NOT NULL AND (s.for_tests OR NOT (q.body->>'is_test')::boolean)
    ORDER BY q.placed_at, q.id LIMIT 1
) l
WHERE NOT EXISTS (SELECT FROM events a WHERE a.shop_id = e.shop_id AND a.order_id = e.id
        AND a.generation = s.generation AND a.kind = :again)
    AND (EXISTS (SELECT FROM touched t WHERE t.shop_id = e.shop_id AND t.id = e.id)
    OR EXISTS (SELECT FROM journeys j WHERE j.shop_id = e.shop_id AND j.order_id = e.id
        AND j.generation = s.generation AND (j.status = 'active' OR (j.status = 'done' AND EXISTS (
            SELECT FROM messages m WHERE m.journey_id = j.id AND m.state IN ('due', 'claimed'))))))
ORDER BY 1, 2
""")
