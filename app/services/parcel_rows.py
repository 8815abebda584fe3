"""Parcels as stores told them. They merge instead of replacing: a status never falls back, and an instant
that is known is kept at its earliest, so the order in which messages arrive does not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.commerce import parcels
from app.queries.pictures import KEYS, OrderKey, key_arrays
from app.services.order_parcels import OrderParcels
from connectors.base import Reading
from flows.commerce import Parcel
from flows.plain import from_plain


def put_parcels(session: Session, readings: Sequence[tuple[int, Reading]]) -> None:
    """Before the orders themselves are stored: what was known of them until now counts. Two statements."""
    keys = {key for shop, reading in readings for key in _orders_of(shop, reading)}
    if not keys:
        return
    known = _Known(session, keys)
    for shop, reading in readings:
        known.hear(shop, reading)
    rows = [
        {
            "shop_id": shop,
            "id": parcel.id,
            "order_id": parcel.order_id,
            "version": parcel.version,
            "body": parcel,
        }
        for (shop, _), parcel in known.changed()
    ]
    put_rows(session, parcels, rows, _NEWER)


def _orders_of(shop: int, reading: Reading) -> Iterable[OrderKey]:
    yield from ((shop, parcel.order_id) for parcel in reading.parcels)
    yield from ((shop, order) for order in reading.all_parcels_of)


class _Known:
    """The parcels of some orders, and the newest state of each order."""

    def __init__(self, session: Session, keys: set[OrderKey]) -> None:
        self.orders: dict[OrderKey, OrderParcels] = defaultdict(OrderParcels)
        for row in session.execute(_STORED, key_arrays(keys)):
            one = self.orders[row.shop_id, row.order_id]
            one.newest = row.version
            if row.body is not None:
                one.held[row.id] = from_plain(Parcel, row.body)
        self._before = {key: dict(one.held) for key, one in self.orders.items()}

    def hear(self, shop: int, reading: Reading) -> None:
        versions = {order.id: order.version for order in reading.orders}
        told: dict[str, list[Parcel]] = {number: [] for number in (*versions, *reading.all_parcels_of)}
        for parcel in reading.parcels:
            told.setdefault(parcel.order_id, []).append(parcel)
        for order, found in told.items():
            whole = order in reading.all_parcels_of
            self.orders[shop, order].hear(found, versions.get(order), all_of_it=whole)

    def changed(self) -> Iterable[tuple[tuple[int, str], Parcel]]:
        for key, order in self.orders.items():
            before = self._before.get(key, {})
            yield from ((key, one) for name, one in order.held.items() if before.get(name) != one)


_STORED = text(
    "SELECT k.shop_id, k.id AS order_id, o.version, p.id, p.body"
    f" FROM {KEYS} LEFT JOIN orders o ON o.shop_id = k.shop_id AND o.id = k.id"
    " LEFT JOIN parcels p ON p.shop_id = k.shop_id AND p.order_id = k.id"
)
_NEWER = (
    "ON CONFLICT (shop_id, id) DO UPDATE SET version = excluded.version, body = excluded.body,"
    " order_id = excluded.order_id WHERE parcels.version <= excluded.version"
)
