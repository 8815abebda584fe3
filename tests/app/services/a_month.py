"""A month in the life of a shop: what its store tells, in the order in which it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from connectors.base import Reading
from flows.commerce import (
    Address,
    Consent,
    ConsentState,
    LineQuantity,
    Order,
    OrderLine,
    OrderState,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Product,
    Refund,
    Shipped,
)
from tests.app.desk import START

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = Reading()
KINDS = ("Coffee", "Lamp", "Espresso machine", "Sofa", "Shampoo")


@dataclass(frozen=True)
class Told:
    """`denied`: a parcel of which the shopper says that it is not there."""

    at: datetime
    reading: Reading = NOTHING
    denied: tuple[str, str] | None = None


def catalogue() -> Reading:
    products = tuple(
        Product(f"p{n}", f"{kind} no. {n}", START, kind=kind, price=1000 + 700 * n)
        for n, kind in enumerate(KINDS)
    )
    yes = tuple(Consent(address(n), ConsentState.SUBSCRIBED, START) for n in range(0, 12, 2))
    return Reading(products=products, consents=yes)


def address(person: int) -> str:
    return f"person{person}@example.com"


def month(random: Random, orders: int) -> list[Told]:
    """What is told of so many orders of a dozen people, the first first; no two things at one instant."""
    told = [one for number in range(orders) for one in _order(random, number)]
    return sorted(told, key=lambda one: one.at)


def wrong_guesses(orders: int) -> list[Told]:
    """Of parcels that nobody scanned, so that they were taken to be there: one is said not to be, the next
    one is seen on its way, and so on."""
    told: list[Told] = []
    for number in range(orders):
        name, at = f"g{number}", START + HOUR + number * (DAY + MINUTE)
        line = OrderLine(f"l{name}", "Thing", 1, 2000, product_id=f"p{number % 5}")
        order = Order(
            name,
            name,
            at,
            at,
            "EUR",
            2000,
            accepted_at=at,
            paid_at=at,
            email=f"{name}@example.com",
            lines=(line,),
            shipping_address=Address(country="DE", postcode="10115"),
        )
        told.append(Told(at, Reading(orders=(order,))))
        parcel = Parcel(
            f"t{name}", name, at + HOUR, ParcelStatus.SHIPPED, carrier="DHL", shipped_at=at + HOUR
        )
        left = replace(order, version=at + HOUR, shipped=Shipped.ALL)
        told.append(Told(at + HOUR, Reading(orders=(left,), parcels=(parcel,))))
        found = at + (12 + number) * DAY
        if number % 2 == 0:
            told.append(Told(found, denied=(name, parcel.id)))
            found += DAY
        for status in (ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERED):
            scan = ParcelEvent(f"s{name}.{status.value}", parcel.id, name, status, found)
            told.append(Told(found, Reading(parcel_events=(scan,))))
            found += 3 * DAY
    return told


def _order(random: Random, number: int) -> Iterator[Told]:
    at = START + MINUTE + random.randrange(30 * 24 * 3600) * timedelta(seconds=1)
    lines = tuple(
        OrderLine(
            f"l{number}.{n}", "Thing", random.choice((1, 1, 2)), 2000, product_id=f"p{random.randrange(5)}"
        )
        for n in range(random.choice((1, 1, 2, 3)))
    )
    country = random.choice(("DE", "DE", "US", "NZ"))
    order = Order(
        id=str(number),
        number=str(1000 + number),
        version=at,
        placed_at=at,
        accepted_at=at,
        paid_at=at,
        currency="EUR",
        total=2000 * len(lines) * random.choice((1, 1, 1, 12)),
        email=address(random.randrange(12)),
        first_name="Mia",
        lines=lines,
        shipping_address=Address(country=country, postcode="10115" if country == "DE" else "90001"),
        is_gift=random.random() < 0.1,
    )
    yield Told(at, Reading(orders=(order,)))
    if random.random() < 0.08:
        at = at + random.randrange(1, 40) * HOUR
        called_off = replace(order, version=at, state=OrderState.CANCELLED, cancelled_at=at)
        yield Told(at, Reading(orders=(called_off,)))
        return
    if random.random() < 0.1:
        return
    yield from _way(random, order)


def _way(random: Random, order: Order) -> Iterator[Told]:
    at = order.placed_at + random.randrange(4, 150) * HOUR + 11 * timedelta(seconds=1)
    parcel = Parcel(
        f"t{order.id}",
        order.id,
        at,
        ParcelStatus.SHIPPED,
        carrier="DHL",
        shipped_at=at,
        lines=tuple(LineQuantity(line.id, line.quantity) for line in order.lines),
    )
    left = replace(order, version=at, shipped=Shipped.ALL)
    yield Told(at, Reading(orders=(left,), parcels=(parcel,)))
    if random.random() < 0.2:
        return  # nobody scans it
    moved = at
    for status in (ParcelStatus.IN_TRANSIT, ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.DELIVERED):
        moved = moved + random.randrange(5, 60) * HOUR + timedelta(minutes=7)
        scan = ParcelEvent(f"s{order.id}.{status.value}", parcel.id, order.id, status, moved)
        there = moved if status is ParcelStatus.DELIVERED else None
        parcel = replace(parcel, version=moved, status=status, delivered_at=there)
        yield Told(moved, Reading(parcels=(parcel,), parcel_events=(scan,)))
    if random.random() < 0.2:
        moved = moved + random.randrange(3, 120) * HOUR + timedelta(seconds=5)
        yield Told(moved, _refund(random, left, moved))


def _refund(random: Random, order: Order, at: datetime) -> Reading:
    line, whole = order.lines[0], random.random() < 0.5
    given = order.lines if whole else (line,)
    amount = order.total if whole else min(2000, order.total)
    refund = Refund(
        f"r{order.id}",
        order.id,
        at,
        amount,
        tuple(LineQuantity(one.id, one.quantity, 0) for one in given),
    )
    told = replace(order, version=at, refunded=amount, fully_refunded=amount >= order.total)
    return Reading(orders=(told,), refunds=(refund,))
