"""What a store says of people who were forgotten: stored without them, whichever message comes how late.

Whom and what a shop was told to forget stays as keyed hashes with the instant of the last forgetting. An
order that was forgotten never takes in anything of a person again, nor does one that was placed before its
person was forgotten. What is said of a person later than that counts: somebody may come back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session, put_rows
from app.keys import Keys
from app.models.permission import suppressions
from app.models.privacy import forgotten
from app.services.person import mark_of, words_of
from app.services.redaction import left_of
from app.services.store_reading import ShopReading
from connectors.base import Reading
from flows.commerce import Consent, ConsentState, Customer, Order, Return

# Whom and what is spoken of, as forget_person has marked it: a shop, a kind, a number or an address.
Name = tuple[int, str, str]
FORBIDDEN = (ConsentState.UNSUBSCRIBED, ConsentState.REDACTED)


def without_the_forgotten(
    session: Session, readings: Sequence[ShopReading], keys: Keys, now: datetime
) -> list[ShopReading]:
    """What the stores say, less everybody who was forgotten. One statement where nobody ever was, at most
    four otherwise, whatever the number of readings. The shops are locked."""
    shops = sorted({shop for shop, _ in readings})
    some = session.execute(
        text(
            "SELECT id FROM unnest(CAST(:shops AS bigint[])) AS s(id)"
            " WHERE EXISTS (SELECT FROM forgotten f WHERE f.shop_id = s.id)"
        ),
        {"shops": shops},
    )
    known = {row.id for row in some}
    if not known:
        return list(readings)
    at = _forgotten_at(
        session, {one for shop, r in readings if shop in known for one in _named(shop, r)}, keys
    )
    if not at:
        return list(readings)
    gone = {(shop, o.id) for shop, reading in readings for o in reading.orders if _is_gone(shop, o, at)}
    gone |= {(shop, name) for shop, kind, name in at if kind == "order"}
    _mark(session, readings, gone, at, keys, now)
    _forbid(session, readings, at, keys, now)
    return [(shop, _without(shop, reading, gone, at)) for shop, reading in readings]


def _named(shop: int, reading: Reading) -> Iterator[Name]:
    for order in reading.orders:
        yield from ((shop, "order", order.id), (shop, "email", _address(order.email)))
        yield (shop, "customer", order.customer_id or "")
    children: list[Any] = [*reading.parcels, *reading.parcel_events, *reading.refunds, *reading.returns]
    yield from ((shop, "order", one.order_id) for one in children)
    yield from ((shop, "return", one.id) for one in reading.returns)
    for customer in reading.customers:
        yield from ((shop, "customer", customer.id), (shop, "email", _address(customer.email)))
    for consent in reading.consents:
        yield (shop, "email", _address(consent.email))


def _address(email: str | None) -> str:
    return (email or "").strip().lower()


def _forgotten_at(session: Session, names: Collection[Name], keys: Keys) -> dict[Name, datetime]:
    marks = {
        (shop, mark_of(keys, shop, kind, name)): (shop, kind, name) for shop, kind, name in names if name
    }
    rows = session.execute(
        text(
            "SELECT f.shop_id, f.hash, f.at FROM forgotten f JOIN"
            " unnest(CAST(:shops AS bigint[]), CAST(:hashes AS text[])) AS k(shop_id, hash)"
            " USING (shop_id, hash)"
        ),
        {"shops": [shop for shop, _ in marks], "hashes": [mark for _, mark in marks]},
    )
    return {marks[row.shop_id, row.hash]: row.at for row in rows}


def _is_gone(shop: int, order: Order, at: Mapping[Name, datetime]) -> bool:
    whose = ((shop, "email", _address(order.email)), (shop, "customer", order.customer_id or ""))
    return (shop, "order", order.id) in at or any(_was(at, one, order.placed_at) for one in whose)


def _was(at: Mapping[Name, datetime], name: Name, said: datetime | None) -> bool:
    """Whether it was said before the forgetting. What tells no time may be as old as anything."""
    return name in at and (said is None or said <= at[name])


def _mark(
    session: Session,
    readings: Sequence[ShopReading],
    gone: Collection[tuple[int, str]],
    at: Mapping[Name, datetime],
    keys: Keys,
    now: datetime,
) -> None:
    """What nobody had heard of when its person was forgotten: orders whose parcels come later, and returns
    of which later messages name no order."""
    heard = {(shop, "order", one) for shop, one in gone} | {
        (shop, "return", one.id)
        for shop, reading in readings
        for one in reading.returns
        if (shop, one.order_id) in gone
    }
    fresh = sorted(name for name in heard if name not in at)
    rows = [{"shop_id": name[0], "hash": mark_of(keys, *name), "at": now} for name in fresh]
    put_rows(session, forgotten, rows, "ON CONFLICT DO NOTHING")


def _forbid(
    session: Session,
    readings: Sequence[ShopReading],
    at: Mapping[Name, datetime],
    keys: Keys,
    now: datetime,
) -> None:
    """A late opt-out is not kept with its address, and still counts."""
    left = {
        (shop, keys.address_hash(shop, one.email), scope)
        for shop, reading in readings
        for one in reading.consents
        if one.state in FORBIDDEN and _is_old(shop, one, at)
        for scope in ("S", "M")
    }
    rows: list[dict[str, Any]] = [
        {"shop_id": shop, "address_hash": hashed, "scope": scope, "reason": "unsubscribed", "at": now}
        for shop, hashed, scope in sorted(left)
    ]
    put_rows(session, suppressions, rows, "ON CONFLICT DO NOTHING")


def _is_old(shop: int, consent: Consent, at: Mapping[Name, datetime]) -> bool:
    return _was(at, (shop, "email", _address(consent.email)), consent.at)


def _without(
    shop: int, reading: Reading, gone: Collection[tuple[int, str]], at: Mapping[Name, datetime]
) -> Reading:
    """Everything of an order keeps its version, so that older and newer stay what they are."""

    def cleared(one: Any) -> Any:
        return left_of(one) if (shop, one.order_id) in gone else one

    def cleared_return(one: Return) -> Return:
        return left_of(one) if (shop, "return", one.id) in at else cleared(one)

    def cleared_order(one: Order) -> Order:
        return left_of(one, words_of(one).removed_from) if (shop, one.id) in gone else one

    def cleared_customer(one: Customer) -> Customer:
        whose = ((shop, "customer", one.id), (shop, "email", _address(one.email)))
        return left_of(one) if any(_was(at, name, one.version) for name in whose) else one

    return replace(
        reading,
        orders=tuple(map(cleared_order, reading.orders)),
        parcels=tuple(map(cleared, reading.parcels)),
        parcel_events=tuple(map(cleared, reading.parcel_events)),
        refunds=tuple(map(cleared, reading.refunds)),
        returns=tuple(map(cleared_return, reading.returns)),
        customers=tuple(map(cleared_customer, reading.customers)),
        consents=tuple(one for one in reading.consents if not _is_old(shop, one, at)),
    )
