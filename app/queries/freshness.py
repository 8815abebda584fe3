"""When orders were last confirmed: told by the store, read there, or passed over by a look at all changes.

A look at the orders lists whatever has changed since the one before; so what it did not list stood still,
as of the instant at which it began, less the time that a store's index may lag behind. A store that has a
trash does not list what was thrown there: it confirms as of the older of the two looks. An order of which two
states of one second were heard is confirmed by what comes after them alone. In real time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays

LAG = timedelta(minutes=10)


def last_confirmed(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, datetime]:
    """One statement. An order that nothing has confirmed is absent."""
    shops = sorted({shop for shop, _ in keys})
    rows = session.execute(_CONFIRMED, {**key_arrays(keys), "shop_ids": shops, "lag": LAG})
    return {(row.shop_id, row.id): row.at for row in rows if row.at is not None}


_CONFIRMED = text(f"""
WITH looked AS (
    SELECT shop_id, CASE WHEN bool_and(confirmed_at IS NOT NULL) THEN min(CASE noun
        WHEN 'orders' THEN confirmed_at - CAST(:lag AS interval) ELSE confirmed_at END) END AS at
    FROM polls WHERE shop_id = any(:shop_ids) AND noun IN ('orders', 'trash') GROUP BY shop_id
)
SELECT o.shop_id, o.id, CASE WHEN o.read_at IS NOT NULL THEN greatest(o.read_at, l.at) END AS at
FROM {KEYS} JOIN orders o USING (shop_id, id) LEFT JOIN looked l ON l.shop_id = o.shop_id
""")
