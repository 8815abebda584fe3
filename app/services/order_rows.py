"""Orders as stores told them last, with the little that only an older message knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.db import Session, put_rows
from app.models.commerce import orders
from app.queries.pictures import OrderKey
from app.services.merging import are_told_apart, is_newer, merge_orders
from flows.commerce import Order


def put_orders(
    session: Session, found: Iterable[tuple[int, Order]], real: datetime, *, heard: bool = False
) -> set[OrderKey]:
    """`real`: when the store told of them. Who tells of an older state does not say how it is now.

    `heard`: by messages, of which an older one may come last. Returns orders of which two states of one
    second were heard, so that nobody knows which is newer: they are not confirmed until they were read.
    """
    newest: dict[OrderKey, Order] = {}
    unsure: set[OrderKey] = set()
    for shop, order in found:
        key = (shop, order.id)
        held = newest.get(key)
        newest[key] = order if held is None else merge_orders(held, order)
        if held is None or not heard:
            continue
        if not are_told_apart(held, order):
            unsure.add(key)
        elif is_newer(order, held):
            unsure.discard(key)
    rows = [
        {
            "shop_id": shop,
            "id": order.id,
            "version": order.version,
            "number": order.number,
            "email": (order.email or "").strip().lower() or None,
            "placed_at": order.placed_at,
            "body": order,
            "read_at": None if (shop, order.id) in unsure else real,
        }
        for (shop, _), order in newest.items()
    ]
    stored = put_rows(session, orders, rows, _HEARD if heard else _READ, "shop_id, id, read_at")
    return {(row.shop_id, row.id) for row in stored if row.read_at is None}


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
# As `are_told_apart`. What is not known of two states stays so though one of them is told again.
_REMEMBERED = "'{accepted_at,lines_gone,not_found,shop_wrote}'::text[]"
_UNSURE = f"""({_AGE.format("orders")} = {_AGE.format("excluded")} AND (orders.read_at IS NULL
    OR orders.body - {_REMEMBERED} <> excluded.body - {_REMEMBERED}))"""


def _newer_order(read_at: str) -> str:
    return f"""
ON CONFLICT (shop_id, id) DO UPDATE SET
    version = greatest(orders.version, excluded.version),
    number = CASE WHEN {_NEWER} THEN excluded.number ELSE orders.number END,
    email = CASE WHEN {_NEWER} THEN excluded.email ELSE orders.email END,
    read_at = CASE WHEN {_NEWER} THEN {read_at} ELSE orders.read_at END,
    placed_at = CASE WHEN {_NEWER} THEN excluded.placed_at ELSE orders.placed_at END,
    body = CASE WHEN {_NEWER} THEN excluded.body ELSE orders.body END
        || CASE WHEN {_EARLIER} THEN jsonb_build_object('accepted_at', excluded.body->'accepted_at')
            WHEN {_LATER} THEN jsonb_build_object('accepted_at', orders.body->'accepted_at') ELSE '{{}}' END
        || CASE WHEN {_NEWER} AND {_EMPTIED} THEN jsonb_build_object('lines_gone', true) ELSE '{{}}' END
WHERE ({_NEWER} OR {_EARLIER}) AND NOT (orders.body->>'state' = 'gone'
    AND (SELECT s.platform = 'shopify' FROM shops s WHERE s.id = orders.shop_id))
"""


_READ = _newer_order("excluded.read_at")
_HEARD = _newer_order(f"CASE WHEN {_UNSURE} THEN NULL ELSE excluded.read_at END")
