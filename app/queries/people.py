"""Who ordered: one picture of a person over all their orders, for a whole batch in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median_low

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.person import Person

STEADY = 3
"""Orders from which on a person has a rhythm."""


def load_people(session: Session, keys: Collection[OrderKey], secrets: Keys) -> dict[OrderKey, Person]:
    """By order; an order without an address is absent. A person is an e-mail address. Orders that were
    cancelled, are gone or are tests do not count; money counts in the shop's own currency alone."""
    return {
        (row.shop_id, row.id): Person(
            key=secrets.address_hash(row.shop_id, row.email),
            orders=len(row.placed),
            orders_after=sum(at > row.placed_at for at in row.placed),
            first_order_at=min(row.placed, default=None),
            last_order_at=max(row.placed, default=None),
            ordered_again_at=min((at for at in row.placed if at > row.placed_at), default=None),
            spent=row.spent,
            usual_days=_usual_days(sorted(row.placed)),
        )
        for row in session.execute(_PEOPLE, key_arrays(keys))
    }


def _usual_days(placed: Sequence[datetime]) -> int | None:
    """The middle of the whole days between orders; two of one day are one step."""
    gaps = [days for one, two in pairwise(placed) if (days := (two - one).days)]
    return median_low(gaps) if len(gaps) >= STEADY - 1 else None


_PEOPLE = text(f"""
SELECT o.shop_id, o.id, o.email, o.placed_at, p.placed, p.spent
FROM orders o JOIN {KEYS} USING (shop_id, id) JOIN shops s ON s.id = o.shop_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(q.placed_at), '{{}}') AS placed,
        coalesce(sum((q.body->>'total')::bigint - (q.body->>'refunded')::bigint)
            FILTER (WHERE q.body->>'currency' = coalesce(nullif(s.currency, ''), o.body->>'currency')), 0
        )::bigint AS spent
    FROM orders q
    WHERE q.shop_id = o.shop_id AND q.email = o.email AND q.body->>'state' = 'open'
        AND q.body->>'accepted_at' IS NOT NULL AND NOT (q.body->>'is_test')::boolean
) p
WHERE o.email IS NOT NULL
""")
