"""Orders of before a shop's connection that arrived lately, and that a flow has not been about yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session
from flows.commerce import ParcelStatus

# What was ordered longer before it arrived is left alone; so a shop's whole history is never looked through.
LONGEST_WAY = timedelta(days=180)


def arrived_earlier(
    session: Session, shop_id: int, flow_key: str, since: datetime, size: int
) -> Iterator[list[str]]:
    """Ids, the latest order first, in batches of one statement each: placed before the connection, with a
    parcel that arrived since `since`, without a journey of this flow and never mailed by it (in no
    generation). Whether all of the order arrived its picture tells."""
    values = {
        "shop": shop_id,
        "flow": flow_key,
        "since": since,
        "placed": since - LONGEST_WAY,
        "delivered": ParcelStatus.DELIVERED.value,
        "size": size,
    }
    place = {"at": datetime.max.replace(tzinfo=since.tzinfo), "id": ""}
    while True:
        rows = session.execute(_ARRIVED, {**values, **place}).all()
        if rows:
            yield [row.id for row in rows]
        if len(rows) < size:
            return
        place = {"at": rows[-1].placed_at, "id": rows[-1].id}


# Subqueries of one row each instead of NOT EXISTS: each looks up one order by its index, whatever the planner
# believes of tables that grew a minute ago.
_ARRIVED = text("""
SELECT o.id, o.placed_at FROM orders o JOIN shops s ON s.id = o.shop_id
WHERE o.shop_id = :shop AND o.placed_at >= :placed AND (o.placed_at, o.id) < (:at, :id)
    AND o.placed_at < date_trunc('second', s.connected_at)
    AND coalesce(
        (SELECT true FROM parcels p WHERE p.shop_id = o.shop_id AND p.order_id = o.id
            AND CAST(p.body ->> 'status' AS int) = :delivered
            AND coalesce(CAST(p.body ->> 'delivered_at' AS timestamptz), p.version) >= :since LIMIT 1),
        (SELECT true FROM parcel_events e WHERE e.shop_id = o.shop_id AND e.order_id = o.id
            AND CAST(e.body ->> 'status' AS int) = :delivered
            AND CAST(e.body ->> 'happened_at' AS timestamptz) >= :since LIMIT 1), false)
    AND (SELECT true FROM journeys j WHERE j.shop_id = o.shop_id AND j.order_id = o.id
        AND j.flow_key = :flow AND j.generation = s.generation LIMIT 1) IS NULL
    AND (SELECT true FROM messages m WHERE m.shop_id = o.shop_id AND m.order_id = o.id
        AND m.flow_key = :flow AND m.state IN ('sending', 'sent', 'unknown') LIMIT 1) IS NULL
ORDER BY o.placed_at DESC, o.id DESC LIMIT :size
""")
