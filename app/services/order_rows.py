"""Orders as stores told them last, with the little that only an older message knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.db import Session, put_rows
from app.models.commerce import orders
from app.queries.pictures import OrderKey
from app.services.merging import merge_orders
from flows.commerce import Order


def put_orders(session: Session, found: Iterable[tuple[int, Order]], real: datetime) -> None:
    """`real`: when the store told of them. Who tells of an older state does not say how it is now."""
    newest: dict[OrderKey, Order] = {}
    for shop, order in found:
        held = newest.get((shop, order.id))
        newest[shop, order.id] = order if held is None else merge_orders(held, order)
    rows = [
        {
            "shop_id": shop,
            "id": order.id,
            "version": order.version,
            "number": order.number,
            "email": (order.email or "").strip().lower() or None,
            "placed_at": order.placed_at,
            "body": order,
            "read_at": real,
        }
        for (shop, _), order in newest.items()
    ]
    put_rows(session, orders, rows, _NEWER_ORDER)


# As `merge_orders`. What Shopify deleted is gone for good: a message that was under way brings nothing back.
# An order that WooCommerce did not find is back when it is told again, also if nothing of it changed.
_AGE = """({0}.version,
    {0}.body->>'state' <> 'open' AND NOT coalesce(({0}.body->>'not_found')::boolean, false),
    {0}.body->>'accepted_at' IS NOT NULL, {0}.body->>'paid_at' IS NOT NULL)"""
_NEWER = f"({_AGE.format('orders')} <= {_AGE.format('excluded')})"
_EARLIER = "(excluded.body->>'accepted_at')::timestamptz < (orders.body->>'accepted_at')::timestamptz"
_LATER = "(excluded.body->>'accepted_at')::timestamptz > (orders.body->>'accepted_at')::timestamptz"
_EMPTIED = """excluded.body->'lines' = '[]'
    AND (orders.body->'lines' <> '[]' OR (orders.body->>'lines_gone')::boolean)"""
_NEWER_ORDER = f"""
ON CONFLICT (shop_id, id) DO UPDATE SET
    version = greatest(orders.version, excluded.version),
    number = CASE WHEN {_NEWER} THEN excluded.number ELSE orders.number END,
    email = CASE WHEN {_NEWER} THEN excluded.email ELSE orders.email END,
    read_at = CASE WHEN {_NEWER} THEN excluded.read_at ELSE orders.read_at END,
    placed_at = CASE WHEN {_NEWER} THEN excluded.placed_at ELSE orders.placed_at END,
    body = CASE WHEN {_NEWER} THEN excluded.body ELSE orders.body END
        || CASE WHEN {_EARLIER} THEN jsonb_build_object('accepted_at', excluded.body->'accepted_at')
            WHEN {_LATER} THEN jsonb_build_object('accepted_at', orders.body->'accepted_at') ELSE '{{}}' END
        || CASE WHEN {_NEWER} AND {_EMPTIED} THEN jsonb_build_object('lines_gone', true) ELSE '{{}}' END
WHERE ({_NEWER} OR {_EARLIER}) AND NOT (orders.body->>'state' = 'gone'
    AND (SELECT s.platform = 'shopify' FROM shops s WHERE s.id = orders.shop_id))
"""
