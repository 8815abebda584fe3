"""Refunds as stores told them. Where a store names all refunds of an order, one that it no longer names was
taken back by the merchant, and counts no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.commerce import refunds
from app.queries.pictures import KEYS, OrderKey, key_arrays
from connectors.base import Reading
from flows.commerce import Refund

ShopReading = tuple[int, Reading]


def put_refunds(session: Session, readings: Sequence[ShopReading]) -> None:
    """Before the orders themselves are stored: how new they were until now counts. Three statements."""
    counting = _counting(session, readings)
    best: dict[OrderKey, Refund] = {}
    for shop, reading in readings:
        for refund in reading.refunds:
            held = best.get((shop, refund.id))
            counts = refund.id in counting.get((shop, refund.order_id), (refund.id,))
            if counts and (held is None or refund.detailed >= held.detailed):
                best[shop, refund.id] = refund
    rows = [
        {"shop_id": shop, "id": refund.id, "order_id": refund.order_id, "body": refund}
        for (shop, _), refund in best.items()
    ]
    put_rows(session, refunds, rows, _MORE_DETAILED)


def _counting(session: Session, readings: Sequence[ShopReading]) -> dict[OrderKey, Collection[str]]:
    """Of orders whose refunds are named all of them: which count, as their newest state says. What else is
    stored of them is taken away."""
    named = _newest(readings)
    if not named:
        return {}
    counting: dict[OrderKey, Collection[str]] = {}
    taken_back: list[OrderKey] = []
    for row in session.execute(_STORED, key_arrays(named)):
        key = (row.shop_id, row.order_id)
        version, told = named[key]
        if row.version is not None and version < row.version:
            counting[key] = row.refunds
        else:
            counting[key] = told
            taken_back += [(row.shop_id, one) for one in row.refunds if one not in told]
    if taken_back:
        session.execute(_TAKE_BACK, key_arrays(taken_back))
    return counting


def _newest(readings: Sequence[ShopReading]) -> dict[OrderKey, tuple[datetime, frozenset[str]]]:
    newest: dict[OrderKey, tuple[datetime, frozenset[str]]] = {}
    for shop, reading in readings:
        told: dict[str, set[str]] = {}
        for refund in reading.refunds:
            told.setdefault(refund.order_id, set()).add(refund.id)
        whole = set(reading.all_refunds_of)
        for order in reading.orders:
            held = newest.get((shop, order.id))
            if order.id in whole and (held is None or held[0] <= order.version):
                newest[shop, order.id] = order.version, frozenset(told.get(order.id, ()))
    return newest


_STORED = text(
    "SELECT k.shop_id, k.id AS order_id, o.version,"
    " array(SELECT r.id FROM refunds r WHERE r.shop_id = k.shop_id AND r.order_id = k.id) AS refunds"
    f" FROM {KEYS} LEFT JOIN orders o ON o.shop_id = k.shop_id AND o.id = k.id"
)
_TAKE_BACK = text(f"DELETE FROM refunds r USING {KEYS} WHERE r.shop_id = k.shop_id AND r.id = k.id")

# A refund with its lines beats the same refund of which only the amount is known.
_MORE_DETAILED = (
    "ON CONFLICT (shop_id, id) DO UPDATE SET body = excluded.body WHERE"
    " (excluded.body->>'detailed')::boolean OR NOT (refunds.body->>'detailed')::boolean"
)
