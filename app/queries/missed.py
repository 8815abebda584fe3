"""Parcels that are missed: late, silent, not handed over, or denied by whoever waits for them; for as long as
`flows.missing` says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import load_pictures
from flows.commerce import ParcelStatus
from flows.late import MISSED_FOR
from flows.missing import is_missed

MOST = 6
LOOKED_AT = 20
"""Of how many the whole order is read; the others count by what was told of them alone."""


@dataclass(frozen=True, slots=True)
class Missed:
    """`kinds`: all that was told of it. `message_id`, `flow_key`, `sent_at`: the newest mail about it, or
    None. `all`: how many parcels are missed in all."""

    order_id: str
    parcel_id: str
    number: str
    carrier: str
    kinds: tuple[str, ...]
    since: datetime
    message_id: int | None
    flow_key: str | None
    sent_at: datetime | None
    all: int


def load_missed(session: Session, shop_id: int, now: datetime) -> list[Missed]:
    """The first of them: who said so themselves before the rest, then the longest wait. One statement
    where there are none, else those of pictures too."""
    given = {
        "shop": shop_id,
        "since": now - MISSED_FOR,
        "off": ParcelStatus.CANCELLED.value,
        "flows": _FLOWS,
        "most": LOOKED_AT,
    }
    rows = session.execute(_MISSED, given).all()
    pictures = load_pictures(session, {(shop_id, row.order_id) for row in rows}) if rows else {}
    still = [row for row in rows if is_missed(pictures[shop_id, row.order_id], row.parcel_id, row.since)]
    over = len(rows) - len(still)
    return [
        Missed(**{**row._mapping, "kinds": tuple(row.kinds), "all": row.all - over}) for row in still[:MOST]
    ]


_FLOWS = ["arrival_check", "delivery_updates", "order_progress"]
_MISSED = text("""
WITH missed AS (
    SELECT e.order_id, e.parcel_id, min(e.happened_at) AS since, array_agg(DISTINCT e.kind) AS kinds
    FROM events e JOIN shops s ON s.id = e.shop_id AND s.generation = e.generation
    WHERE e.shop_id = :shop AND e.happened_at >= :since
        AND e.kind IN ('ParcelLate', 'ParcelStalled', 'ParcelFailed', 'ArrivalDenied')
        AND NOT EXISTS (SELECT FROM events d WHERE d.shop_id = e.shop_id AND d.order_id = e.order_id
            AND d.generation = e.generation AND (d.kind = 'OrderRefunded'
                OR (d.kind = 'ParcelDelivered' AND d.parcel_id = e.parcel_id AND d.key LIKE '%delivered')))
    GROUP BY e.order_id, e.parcel_id
), waiting AS (
    SELECT m.*, o.body->>'number' AS number, p.body->>'carrier' AS carrier, count(*) OVER () AS "all"
    FROM missed m JOIN orders o ON o.shop_id = :shop AND o.id = m.order_id AND o.body->>'state' = 'open'
    JOIN parcels p ON p.shop_id = :shop AND p.id = m.parcel_id AND (p.body->>'status')::int < :off
    ORDER BY ('ArrivalDenied' = any(m.kinds)) DESC, m.since, m.order_id LIMIT :most
)
SELECT w.order_id, w.parcel_id, w.number, w.carrier, w.kinds, w.since, l.message_id, l.flow_key, l.sent_at,
    w."all"
FROM waiting w LEFT JOIN LATERAL (
    SELECT g.id AS message_id, g.flow_key, g.sent_at FROM messages g
    WHERE g.shop_id = :shop AND g.order_id = w.order_id AND g.flow_key = any(:flows) AND g.state = 'sent'
        AND coalesce(g.parcel_id, w.parcel_id) = w.parcel_id
    ORDER BY g.sent_at DESC LIMIT 1
) l ON true
ORDER BY ('ArrivalDenied' = any(w.kinds)) DESC, w.since, w.order_id
""")
