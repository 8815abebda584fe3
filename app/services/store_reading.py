"""Writes what a store said: newest version wins, equal ones merge, older ones change nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.commerce import customers, parcel_events, products, returns
from app.models.permission import consents
from app.predict.purchases import keep_purchases
from app.queries.pictures import KEYS, OrderKey, key_arrays
from app.services.customer_changes import store_customer_changes
from app.services.merging import merge_returns
from app.services.order_rows import put_orders
from app.services.parcel_rows import put_parcels
from app.services.refund_rows import put_refunds
from connectors.base import Noun, Reading
from emails.address import one_spelling
from flows.commerce import ParcelEvent, Return
from flows.plain import from_plain

ShopReading = tuple[int, Reading]


def store_readings(
    session: Session, readings: Sequence[ShopReading], real: datetime, *, heard: bool = False
) -> tuple[set[OrderKey], set[OrderKey]]:
    """Stores all of it in a constant number of statements. Returns the orders it is about, and those that
    have to be read (see `put_orders`).

    The caller holds the shops' locks, so nobody else writes to these shops meanwhile.
    """
    put_parcels(session, readings)
    put_refunds(session, readings)
    found = [(shop, order) for shop, reading in readings for order in reading.orders]
    unsure = put_orders(session, found, real, heard=heard)
    _put_scans(session, readings)
    _put_returns(session, [(shop, one) for shop, reading in readings for one in reading.returns])
    _put_products(session, readings)
    _put_customers(session, readings)
    store_customer_changes(session, readings)
    _put_consents(session, readings)
    _mark_gone(session, readings)
    told = {(shop, order.id) for shop, reading in readings for order in reading.orders}
    gone = {(shop, one.id) for shop, reading in readings for one in reading.gone if one.noun is Noun.ORDER}
    keep_purchases(session, told | gone)
    return {key for shop, reading in readings for key in _orders_of(shop, reading)}, unsure


def _orders_of(shop: int, reading: Reading) -> Iterable[OrderKey]:
    yield from ((shop, order.id) for order in reading.orders)
    yield from ((shop, parcel.order_id) for parcel in reading.parcels)
    yield from ((shop, scan.order_id) for scan in reading.parcel_events)
    yield from ((shop, refund.order_id) for refund in reading.refunds)
    yield from ((shop, one.order_id) for one in reading.returns if one.order_id)
    yield from ((shop, gone.id) for gone in reading.gone if gone.noun is Noun.ORDER)


def _newer_wins(table: str, names: tuple[str, ...]) -> str:
    columns = ", ".join(f"{name} = excluded.{name}" for name in ("version", "body", *names))
    return f"ON CONFLICT (shop_id, id) DO UPDATE SET {columns} WHERE {table}.version <= excluded.version"


def _stored(session: Session, table: str, kind: type[Any], keys: Collection[OrderKey]) -> dict[OrderKey, Any]:
    if not keys:
        return {}
    rows = session.execute(
        text(f"SELECT t.shop_id, t.id, t.body FROM {table} t JOIN {KEYS} USING (shop_id, id)"),
        key_arrays(keys),
    )
    return {(row.shop_id, row.id): from_plain(kind, row.body) for row in rows}


def _put_scans(session: Session, readings: Sequence[ShopReading]) -> None:
    """A scan that was taken back stays taken back, whichever message comes last."""
    latest: dict[OrderKey, ParcelEvent] = {}
    for shop, reading in readings:
        for scan in reading.parcel_events:
            held = latest.get((shop, scan.id))
            if held is None or not held.gone:
                latest[shop, scan.id] = scan
    rows = [
        {"shop_id": shop, "id": scan.id, "order_id": scan.order_id, "body": scan}
        for (shop, _), scan in latest.items()
    ]
    put_rows(
        session,
        parcel_events,
        rows,
        "ON CONFLICT (shop_id, id) DO UPDATE SET body = excluded.body, order_id = excluded.order_id"
        " WHERE NOT (parcel_events.body->>'gone')::boolean",
    )


def _put_returns(session: Session, found: Iterable[tuple[int, Return]]) -> None:
    """A return never falls back, and keeps its lines where a later message is silent about them."""
    found = list(found)
    merged = _stored(session, "returns", Return, {(shop, one.id) for shop, one in found})
    for shop, one in found:
        held = merged.get((shop, one.id))
        merged[shop, one.id] = one if held is None else merge_returns(held, one)
    rows = [
        {
            "shop_id": shop,
            "id": one.id,
            "order_id": one.order_id,
            "version": one.version,
            "body": one,
        }
        for (shop, _), one in merged.items()
    ]
    put_rows(session, returns, rows, _newer_wins("returns", ("order_id",)))


def _put_products(session: Session, readings: Sequence[ShopReading]) -> None:
    newest = {
        (shop, product.id): product
        for shop, reading in readings
        for product in sorted(reading.products, key=lambda product: product.version)
    }
    rows = [
        {"shop_id": shop, "id": product.id, "version": product.version, "body": product}
        for (shop, _), product in newest.items()
    ]
    put_rows(session, products, rows, _newer_wins("products", ()))


def _put_customers(session: Session, readings: Sequence[ShopReading]) -> None:
    newest = {
        (shop, customer.id): customer
        for shop, reading in readings
        for customer in sorted(reading.customers, key=lambda customer: customer.version)
    }
    rows = [
        {
            "shop_id": shop,
            "id": customer.id,
            "version": customer.version,
            "email": (customer.email or "").strip().lower() or None,
            "body": customer,
        }
        for (shop, _), customer in newest.items()
    ]
    put_rows(session, customers, rows, _NEWER_CUSTOMER)


# What the store counted is kept where a newer message does not say it, and taken from an older one where
# nothing was known.
_NEWER_CUSTOMER = """
ON CONFLICT (shop_id, id) DO UPDATE SET
    version = greatest(customers.version, excluded.version),
    email = CASE WHEN customers.version <= excluded.version THEN excluded.email ELSE customers.email END,
    body = CASE WHEN customers.version <= excluded.version
        THEN excluded.body || CASE WHEN excluded.body->>'order_count' IS NULL
            THEN jsonb_build_object('order_count', customers.body->'order_count',
                'counted_at', customers.body->'counted_at') ELSE '{}' END
        ELSE customers.body || jsonb_build_object('order_count', excluded.body->'order_count',
            'counted_at', excluded.body->'counted_at') END
WHERE customers.version <= excluded.version
    OR (customers.body->>'order_count' IS NULL AND excluded.body->>'order_count' IS NOT NULL)
"""


def _put_consents(session: Session, readings: Sequence[ShopReading]) -> None:
    """The newest word counts; one without a time never overrules one that has it."""
    newest: dict[tuple[int, str], dict[str, Any]] = {}
    for shop, reading in readings:
        for consent in reading.consents:
            email = one_spelling(consent.email)
            held = newest.get((shop, email))
            if held is None or _at(held["at"]) <= _at(consent.at):
                newest[shop, email] = {
                    "shop_id": shop,
                    "email": email,
                    "state": consent.state,
                    "at": consent.at,
                    "level": consent.opt_in_level,
                }
    put_rows(
        session,
        consents,
        list(newest.values()),
        "ON CONFLICT (shop_id, email) DO UPDATE"
        " SET state = excluded.state, at = excluded.at, level = excluded.level"
        " WHERE coalesce(consents.at, '-infinity') <= coalesce(excluded.at, '-infinity')",
    )


def _at(moment: datetime | None) -> float:
    return moment.timestamp() if moment else float("-inf")


def _mark_gone(session: Session, readings: Sequence[ShopReading]) -> None:
    """An order that was not found says nothing of itself, as one in the trash does: the store may have been
    wrong, so what it tells of that order later counts, changed or not."""
    gone_orders = [(s, g.id) for s, r in readings for g in r.gone if g.noun is Noun.ORDER]
    if gone_orders:
        session.execute(
            text(
                "UPDATE orders o SET body = o.body || jsonb_build_object('state', 'gone', 'not_found', true)"
                f" FROM {KEYS} WHERE o.shop_id = k.shop_id AND o.id = k.id AND o.body->>'state' <> 'gone'"
            ),
            key_arrays(gone_orders),
        )
    gone_products = [(s, g.id) for s, r in readings for g in r.gone if g.noun is Noun.PRODUCT]
    if gone_products:
        session.execute(
            text(
                "UPDATE products p SET body = jsonb_set(p.body, '{published}', 'false')"
                f" FROM {KEYS} WHERE p.shop_id = k.shop_id AND p.id = k.id"
            ),
            key_arrays(gone_products),
        )
