"""What readers of an order's mails followed: read off their clicks, so nothing has to be told of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.events import EventKind

Clicks = Mapping[str, Mapping[EventKind, datetime]]
"""By flow."""


def load_clicks(session: Session, keys: Collection[OrderKey]) -> Mapping[OrderKey, Clicks]:
    """By order and flow: when a link in one of its mails was first followed, and when first to a product. A
    click in another flow's mail says nothing of this one. One statement."""
    found: dict[OrderKey, dict[str, dict[EventKind, datetime]]] = defaultdict(dict)
    for row in session.execute(_CLICKS, key_arrays(keys)):
        told = {EventKind.LINK_CLICKED: row.clicked_at, EventKind.PRODUCT_VIEWED: row.viewed_at}
        found[row.shop_id, row.order_id][row.flow_key] = {kind: at for kind, at in told.items() if at}
    return found


_CLICKS = text(f"""
WITH mails AS MATERIALIZED (
    SELECT m.shop_id, m.order_id, m.flow_key, m.id
    FROM messages m JOIN {KEYS} ON m.shop_id = k.shop_id AND m.order_id = k.id
)
SELECT m.shop_id, m.order_id, m.flow_key, min(e.at) AS clicked_at,
    min(e.at) FILTER (WHERE e.data ? 'product') AS viewed_at
FROM mails m JOIN message_events e ON e.shop_id = m.shop_id AND e.message_id = m.id AND e.kind = 'clicked'
GROUP BY 1, 2, 3
""")
