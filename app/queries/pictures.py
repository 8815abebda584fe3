"""Orders with everything known about them, for a whole batch in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import text

from app.db import Session
from flows.commerce import Order, Parcel, ParcelEvent, Refund, Return
from flows.picture import OrderPicture
from flows.plain import from_plain

OrderKey = tuple[int, str]
T = TypeVar("T")


def load_pictures(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, OrderPicture]:
    """By (shop, order id); an order that is not stored is absent, even if parcels of it are."""
    parcels = _by_order(session, "parcels", Parcel, keys)
    scans = _by_order(session, "parcel_events", ParcelEvent, keys)
    refunds = _by_order(session, "refunds", Refund, keys)
    returns = _by_order(session, "returns", Return, keys)
    return {
        (row.shop_id, row.id): OrderPicture(
            _spoken(from_plain(Order, row.body), row.speaks),
            tuple(parcels[row.shop_id, row.id]),
            tuple(scans[row.shop_id, row.id]),
            tuple(refunds[row.shop_id, row.id]),
            tuple(returns[row.shop_id, row.id]),
        )
        for row in session.execute(_ORDERS, key_arrays(keys))
    }


def key_arrays(keys: Collection[tuple[int, Any]]) -> dict[str, list[Any]]:
    """The two parameters of `KEYS`."""
    return {"shops": [shop for shop, _ in keys], "ids": [key for _, key in keys]}


def live_orders(session: Session, keys: Collection[OrderKey]) -> set[OrderKey]:
    """Those that were placed since the shop's connection (stores tell whole seconds), or of which events
    of this generation are recorded."""
    rows = session.execute(_LIVE, key_arrays(keys))
    return {(row.shop_id, row.id) for row in rows}


KEYS = "unnest(CAST(:shops AS bigint[]), CAST(:ids AS text[])) AS k(shop_id, id)"

_LIVE = text(
    f"SELECT o.shop_id, o.id FROM orders o JOIN {KEYS} USING (shop_id, id) JOIN shops s ON s.id = o.shop_id"
    " WHERE o.placed_at >= date_trunc('second', s.connected_at) OR EXISTS (SELECT FROM events e"
    " WHERE e.shop_id = o.shop_id AND e.order_id = o.id AND e.generation = s.generation)"
)
_ORDERS = text(
    "SELECT o.shop_id, o.id, o.body, c.body ->> 'locale' AS speaks"
    f" FROM orders o JOIN {KEYS} USING (shop_id, id)"
    " LEFT JOIN customers c ON c.shop_id = o.shop_id AND c.id = o.customer_id"
)


def _spoken(order: Order, customers: str | None) -> Order:
    """An order that does not say in which language it was placed has its customer's."""
    return order if order.locale or not customers else replace(order, locale=customers)


def _by_order(
    session: Session, table: str, kind: type[T], keys: Collection[OrderKey]
) -> dict[OrderKey, list[T]]:
    found: dict[OrderKey, list[T]] = defaultdict(list)
    rows = session.execute(
        text(
            f"SELECT t.shop_id, t.order_id, t.body FROM {table} t JOIN {KEYS}"
            " ON t.shop_id = k.shop_id AND t.order_id = k.id ORDER BY t.shop_id, t.id"
        ),
        key_arrays(keys),
    )
    for row in rows:
        found[row.shop_id, row.order_id].append(from_plain(kind, row.body))
    return found
