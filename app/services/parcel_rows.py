"""Parcels as stores told them. They merge instead of replacing: a status never falls back, and an instant
that is known is kept at its earliest, so the order in which messages arrive does not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.commerce import parcels
from app.queries.pictures import KEYS, OrderKey, key_arrays
from app.services.merging import merge_parcels
from app.services.same_parcels import as_known
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
        self.parcels: dict[OrderKey, dict[str, Parcel]] = defaultdict(dict)
        self.newest: dict[OrderKey, datetime] = {}
        for row in session.execute(_STORED, key_arrays(keys)):
            if row.version is not None:
                self.newest[row.shop_id, row.order_id] = row.version
            if row.body is not None:
                self.parcels[row.shop_id, row.order_id][row.id] = from_plain(Parcel, row.body)
        self._before = {key: dict(held) for key, held in self.parcels.items()}

    def hear(self, shop: int, reading: Reading) -> None:
        versions = {order.id: order.version for order in reading.orders}
        told: dict[str, list[Parcel]] = {number: [] for number in reading.all_parcels_of}
        for parcel in reading.parcels:
            told.setdefault(parcel.order_id, []).append(parcel)
        for order, found in told.items():
            held = self.parcels[shop, order]
            whole = order in reading.all_parcels_of
            meant = as_known(tuple(held.values()), found, all_of_it=whole)
            for parcel in meant:
                one = held.get(parcel.id)
                held[parcel.id] = self._new(shop, parcel) if one is None else merge_parcels(one, parcel)
            if whole and order in versions:
                self._without(shop, order, {parcel.id for parcel in meant}, versions[order])
        for order, version in versions.items():
            self.newest[shop, order] = max(version, self.newest.get((shop, order), version))

    def _new(self, shop: int, parcel: Parcel) -> Parcel:
        """A state that is newer than the one that tells of it did not name it any more."""
        newest = self.newest.get((shop, parcel.order_id))
        stale = parcel.nameless and newest is not None and parcel.version < newest
        return replace(parcel, vanished=True) if stale else parcel

    def _without(self, shop: int, order: str, kept: set[str], version: datetime) -> None:
        """Where a store names all parcels of an order, one that it no longer names never arrives; it comes
        back when a later reading names it again."""
        held = self.parcels[shop, order]
        for name, parcel in held.items():
            if name not in kept and parcel.version <= version and not parcel.vanished:
                held[name] = replace(parcel, vanished=True, version=version)

    def changed(self) -> Iterable[tuple[tuple[int, str], Parcel]]:
        for key, held in self.parcels.items():
            before = self._before.get(key, {})
            yield from ((key, one) for name, one in held.items() if before.get(name) != one)


_STORED = text(
    "SELECT k.shop_id, k.id AS order_id, o.version, p.id, p.body"
    f" FROM {KEYS} LEFT JOIN orders o ON o.shop_id = k.shop_id AND o.id = k.id"
    " LEFT JOIN parcels p ON p.shop_id = k.shop_id AND p.order_id = k.id"
)
_NEWER = (
    "ON CONFLICT (shop_id, id) DO UPDATE SET version = excluded.version, body = excluded.body,"
    " order_id = excluded.order_id WHERE parcels.version <= excluded.version"
)
