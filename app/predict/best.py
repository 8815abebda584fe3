"""What the best buyers of a shop have spent, counted once a day: by it they are told from the rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.queries.counted import counts

AT_MOST_EVERY = timedelta(hours=20)
SHARES = range(1, 51)
"""Whole percent. More than half of them are not the best."""
FEWEST = 10
"""Buyers from which on a share of them means something."""


def count_best(database: Database, now: datetime) -> bool:
    """One shop. False: all were counted within the day."""
    with database.crossing() as session:
        shop_id = next_uncounted(session, now)
    if shop_id is None:
        return False
    with database.shops(shop_id) as session:
        count_of(session, shop_id, now)
    return True


def next_uncounted(session: Session, now: datetime) -> int | None:
    found = session.execute(_NEXT, {"before": now - AT_MOST_EVERY}).scalar()
    return None if found is None else int(found)


def count_of(session: Session, shop_id: int, now: datetime) -> None:
    shares = [share / 100 for share in SHARES]
    row = session.execute(_COUNT, {"shop": shop_id, "shares": shares}).one()
    top = dict(zip(map(str, SHARES), row.least, strict=True)) if row.people >= FEWEST else {}
    session.execute(_KEEP, {"shop": shop_id, "top": as_json(top), "now": now})


_NEXT = text(
    "SELECT id FROM shops WHERE state = 'connected' AND coalesce(top_counted_at, '-infinity') <= :before"
    " ORDER BY top_counted_at NULLS FIRST, id LIMIT 1"
)
# A person is an e-mail address, as for the rules that ask; the first of a share by money, the largest first.
_COUNT = text(f"""
SELECT count(*) AS people,
    percentile_disc(CAST(:shares AS float8[])) WITHIN GROUP (ORDER BY spent DESC) AS least
FROM (
    SELECT sum((o.body->>'total')::bigint - (o.body->>'refunded')::bigint)::bigint AS spent
    FROM orders o JOIN shops s ON s.id = o.shop_id
    WHERE o.shop_id = :shop AND o.email IS NOT NULL AND {counts("o")}
        AND (s.currency = '' OR o.body->>'currency' = s.currency)
    GROUP BY o.email
) AS people
""")
_KEEP = text("UPDATE shops SET top_spent = CAST(:top AS jsonb), top_counted_at = :now WHERE id = :shop")
