"""Whose day it is: each with the newest order after the shop was connected, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session
from app.queries.counted import counts
from flows.commerce import Order
from flows.picture import OrderPicture
from flows.plain import from_plain

PAGE = 200


@dataclass(frozen=True, slots=True)
class Celebrated:
    """`order_id`: what is told of their day is told of this order. `zone`: where it says that they live, None
    where that is not known. `birthdays`, `first_at`: what their own day is known by."""

    email: str
    order_id: str
    zone: str | None = None
    birthdays: tuple[str, ...] = ()
    first_at: datetime | None = None


def with_birthdays(session: Session, shop_id: int, days: Sequence[str], after: str) -> list[Celebrated]:
    """`days`: as "03-31". `after`: the last address of the page before."""
    rows = _page(session, _BIRTHDAYS, shop_id, after, days=list(days))
    return [Celebrated(row.email, row.id, _zone(row), birthdays=tuple(row.birthdays)) for row in rows]


def with_anniversaries(
    session: Session, shop_id: int, spans: Sequence[tuple[datetime, datetime]], after: str
) -> list[Celebrated]:
    """Whose first order of all lies in one of the spans, each without its end."""
    begins, ends = [begin for begin, _ in spans], [end for _, end in spans]
    rows = _page(session, _ANNIVERSARIES, shop_id, after, begins=begins, ends=ends)
    return [Celebrated(row.email, row.id, _zone(row), first_at=row.first_at) for row in rows]


def with_tag(session: Session, shop_id: int, tag: str, after: str, until: datetime) -> list[Celebrated]:
    """Whoever bought a product with this tag before `until`: with the newest order that holds one."""
    rows = _page(session, _TAGGED, shop_id, after, tag=tag, until=until)
    return [Celebrated(row.email, row.id) for row in rows]


def drawn(
    session: Session, shop_id: int, seed: str, percent: int, days: Sequence[int], first: int, spread: int
) -> list[Celebrated]:
    """Regulars whose number is within the share and whose day of the month is among `days`, the luckiest
    first. `seed` decides over both, `first` and `spread` over which days there are."""
    values = {"shop": shop_id, "seed": seed, "percent": percent, "days": list(days)}
    rows = session.execute(_DRAWN, {**values, "first": first, "spread": spread, "page": PAGE})
    return [Celebrated(row.email, row.id) for row in rows]


def _page(session: Session, statement: Any, shop_id: int, after: str, **values: Any) -> Sequence[Row[Any]]:
    return session.execute(statement, {"shop": shop_id, "after": after, "page": PAGE, **values}).all()


def _zone(row: Row[Any]) -> str | None:
    return OrderPicture(from_plain(Order, row.body)).zone


_NEWEST = f"""
CROSS JOIN LATERAL (
    SELECT n.id, n.body FROM orders n WHERE n.shop_id = s.id AND n.email = p.email AND {counts("n")}
        AND n.placed_at >= date_trunc('second', s.connected_at)
    ORDER BY n.placed_at DESC, n.id DESC LIMIT 1
) o
ORDER BY p.email LIMIT :page
"""
_BIRTHDAYS = text(f"""
SELECT p.email, p.birthdays, o.id, o.body FROM (SELECT * FROM shops WHERE id = :shop) s CROSS JOIN LATERAL (
    SELECT c.email, array_agg(DISTINCT c.birthday) AS birthdays FROM customers c
    WHERE c.shop_id = s.id AND c.birthday = any(:days) AND c.email > :after GROUP BY c.email
) p {_NEWEST}
""")
_ANNIVERSARIES = text(f"""
SELECT p.email, p.first_at, o.id, o.body FROM (SELECT * FROM shops WHERE id = :shop) s CROSS JOIN LATERAL (
    SELECT f.email, min(f.placed_at) AS first_at
    FROM unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[])) AS span(begins, ends)
    JOIN orders f ON f.shop_id = s.id AND f.placed_at >= span.begins AND f.placed_at < span.ends
    WHERE f.email > :after AND {counts("f")} AND NOT EXISTS (
        SELECT FROM orders e WHERE e.shop_id = s.id AND e.email = f.email AND e.placed_at < f.placed_at
            AND {counts("e")})
        AND NOT EXISTS (  -- the store counts more than it shows us: then it was not their first
            SELECT FROM customers c WHERE c.shop_id = s.id AND c.id = f.customer_id
                AND (c.body->>'order_count')::bigint > (
                    SELECT count(*) FROM orders h WHERE h.shop_id = c.shop_id AND h.customer_id = c.id
                        AND h.placed_at <= (c.body->>'counted_at')::timestamptz + interval '1 minute'))
    GROUP BY f.email
) p {_NEWEST}
""")
_TAGGED = text(f"""
SELECT DISTINCT ON (n.email) n.email, n.id
FROM (SELECT * FROM shops WHERE id = :shop) s
JOIN products t ON t.shop_id = s.id AND EXISTS (
    SELECT FROM jsonb_array_elements_text(t.body->'tags') AS tag WHERE lower(btrim(tag)) = :tag)
JOIN order_products b ON b.shop_id = s.id AND b.product_id = t.id
JOIN orders n ON n.shop_id = s.id AND n.id = b.order_id AND n.email > :after AND {counts("n")}
    AND n.placed_at >= date_trunc('second', s.connected_at) AND n.placed_at < :until
ORDER BY n.email, n.placed_at DESC, n.id DESC LIMIT :page
""")
_DRAWN = text(f"""
SELECT p.email, o.id FROM (SELECT * FROM shops WHERE id = :shop) s CROSS JOIN LATERAL (
    SELECT f.email, f.number FROM (
        SELECT q.email, ('x' || substr(md5(:seed || q.email), 1, 7))::bit(28)::int AS number,
            ('x' || substr(md5(:seed || q.email), 8, 7))::bit(28)::int AS day
        FROM orders q
        WHERE q.shop_id = s.id AND q.email IS NOT NULL AND {counts("q")}
        GROUP BY q.email HAVING count(*) >= 2
    ) f WHERE f.number < 268435456.0 * :percent / 100 AND :first + f.day % :spread = any(:days)
) p {_NEWEST.replace("ORDER BY p.email", "ORDER BY p.number, p.email")}
""")
