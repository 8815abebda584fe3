"""Who ordered again: pairs of one person's orders, the later of which was not heard of before."""

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
    """Of persons with an order in `touched` that is new to us: orders that a later one follows, as far as
    they have a journey under way or are new themselves, in whatever order the store told of them. This is
    one statement.

    An order that is cancelled later has been placed all the same: whoever placed it was here, and does not
    want to hear again that we miss them because it came to nothing. So nothing of this is taken back.
    """
    parameters = {**key_arrays(touched), "placed": EventKind.ORDER_PLACED.value}
    rows = session.execute(_REORDERS, parameters)
    return [Reorder(row.shop_id, row.earlier, row.later, row.at) for row in rows]


# Of two orders of one second their ids decide. Orders from before the connection start nothing.
# The first of the later orders is enough: whatever would begin after it hears of it too.
_REORDERS = text(f"""
WITH fresh AS (
    SELECT o.shop_id, o.id, o.email FROM orders o JOIN {KEYS} USING (shop_id, id)
    JOIN shops s ON s.id = o.shop_id
    WHERE o.email IS NOT NULL AND o.body->>'accepted_at' IS NOT NULL
        AND NOT EXISTS (SELECT FROM events e WHERE e.shop_id = o.shop_id AND e.order_id = o.id
            AND e.generation = s.generation AND e.kind = :placed)
)
SELECT e.shop_id, e.id AS earlier, l.id AS later, l.at
FROM (SELECT DISTINCT shop_id, email FROM fresh) p JOIN shops s ON s.id = p.shop_id
JOIN orders e ON e.shop_id = p.shop_id AND e.email = p.email
    AND e.placed_at >= date_trunc('second', s.connected_at)
CROSS JOIN LATERAL (
    SELECT q.id, (q.body->>'accepted_at')::timestamptz AS at FROM orders q
    WHERE q.shop_id = e.shop_id AND q.email = e.email AND (q.placed_at, q.id) > (e.placed_at, e.id)
        AND q.body->>'accepted_at' IS NOT NULL AND (s.for_tests OR NOT (q.body->>'is_test')::boolean)
    ORDER BY q.placed_at, q.id LIMIT 1
) l
WHERE EXISTS (SELECT FROM fresh f WHERE f.shop_id = e.shop_id AND f.id = e.id)
    OR EXISTS (SELECT FROM journeys j WHERE j.shop_id = e.shop_id AND j.order_id = e.id
        AND j.generation = s.generation AND (j.status = 'active' OR (j.status = 'done' AND EXISTS (
            SELECT FROM messages m WHERE m.journey_id = j.id AND m.state IN ('due', 'claimed')))))
ORDER BY 1, 2
""")
