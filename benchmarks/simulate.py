"""A simulation of 90 days with 20,000 orders through every flow, on a real database.

`python -m benchmarks.simulate` (`--orders N` changes the count). Orders are invented and stored as a shop's
past; then they are read and rehearsed as `doorstep simulate --flow all` does. At most 90 s are promised; the
parts are printed, and it exits with 1 where the promise is broken.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg

from app.cli.simulation_shares import Share, simulate_together
from app.keys import Keys
from app.services.consent_rules import choose
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from benchmarks.bulk_import import Bench, bench
from benchmarks.importer import SECRET
from benchmarks.written import work_folder
from connectors.base import Reading
from flows.commerce import (
    Address,
    Consent,
    ConsentState,
    LineQuantity,
    Order,
    OrderLine,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Product,
    Refund,
    Shipped,
)
from flows.presets import PRESETS

PROMISE = 90.0
DAYS = 90
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KINDS = ("Coffee", "Lamp", "Espresso machine", "Sofa", "Shampoo")
HOUR = timedelta(hours=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    orders: int = parser.parse_args().orders
    with work_folder() as folder, bench(folder, now=NOW) as at:
        began = time.monotonic()
        _store(at, orders)
        print(f"stored {orders:,} orders in {time.monotonic() - began:.1f} s (not part of it)")
        with psycopg.connect(at.owner_url.replace("+psycopg", ""), autocommit=True) as tables:
            tables.execute("ANALYZE")  # as the database does by itself soon after an import
        found = _measured(at, orders)
    sys.exit(found)


def _cpu() -> float:
    """Seconds of this process and of those that it started and saw end."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _measured(at: Bench, orders: int) -> int:
    began, cpu = time.monotonic(), _cpu()
    since, flows = NOW - timedelta(days=DAYS), tuple(flow.key for flow in PRESETS)
    found = simulate_together(Share(at.app_url, Keys(SECRET, (at.key,)), at.shop, flows, since, NOW))
    took, used = time.monotonic() - began, _cpu() - cpu
    whole = took * 20_000 / orders
    print(f"{found.orders:,} orders of {found.people:,} people, {len(PRESETS)} flows, {DAYS} days")
    print(f"{found.sent.total():,} mails, {found.put_off.total():,} times put off")
    print(f"{took:.1f} s, of which {used:.1f} s here; 20,000 orders: {whole:.0f} s, promised {PROMISE:.0f} s")
    return int(whole > PROMISE)


def _store(at: Bench, orders: int) -> None:
    """Review requests and tips go to everybody, so that there is more to rehearse."""
    readings, keys = invented(Random(20), orders), Keys(SECRET, (at.key,))
    with at.database.shops(at.shop) as session:
        for choice in ("reviews_as_marketing", "tips_as_marketing"):
            choose(session, at.shop, choice, True, "the merchant", NOW)
    for start in range(0, len(readings), 500):
        with at.database.shops(at.shop) as session:
            lock_shop(session, at.shop)
            told = [(at.shop, one) for one in readings[start : start + 500]]
            apply_readings(session, told, keys, NOW, NOW)


def invented(random: Random, orders: int) -> list[Reading]:
    """The catalogue first, then order by order."""
    products = tuple(
        Product(f"p{n}", f"{kind} no. {n}", NOW, kind=kind, price=1000 + 700 * n)
        for n, kind in enumerate(KINDS)
    )
    return [Reading(products=products)] + [_order(random, number, orders) for number in range(orders)]


def _order(random: Random, number: int, orders: int) -> Reading:
    at = NOW - timedelta(days=DAYS) + random.random() * timedelta(days=DAYS - 1)
    email = f"person{random.randrange(max(1, orders * 2 // 3))}@example.com"
    lines = tuple(
        OrderLine(f"l{number}.{n}", "Thing", 1, 3000, product_id=f"p{random.randrange(5)}")
        for n in range(random.choice((1, 1, 2, 3)))
    )
    order = Order(
        id=str(number),
        number=str(1000 + number),
        version=at + HOUR,
        placed_at=at,
        accepted_at=at,
        paid_at=at,
        currency="EUR",
        total=3000 * len(lines),
        email=email,
        lines=lines,
        shipping_address=Address(country="DE", postcode="10115"),
        shipped=Shipped.ALL,
    )
    left = at + random.randrange(5, 90) * HOUR
    came = left + random.randrange(20, 120) * HOUR
    inside = tuple(LineQuantity(line.id, line.quantity) for line in lines)
    parcel = Parcel(
        f"t{number}",
        order.id,
        came,
        ParcelStatus.DELIVERED,
        "DHL",
        shipped_at=left,
        delivered_at=came,
        lines=inside,
    )
    scan = ParcelEvent(f"s{number}", parcel.id, order.id, ParcelStatus.IN_TRANSIT, left + 9 * HOUR)
    given = (Refund(f"r{number}", order.id, came + 48 * HOUR, 3000, inside[:1]),) if number % 20 == 0 else ()
    consent = (Consent(email, ConsentState.SUBSCRIBED, NOW),) if number % 2 else ()
    return Reading(orders=(order,), parcels=(parcel,), parcel_events=(scan,), refunds=given, consents=consent)


if __name__ == "__main__":
    main()
