"""Two hours of a busy shop of which no message arrives: one look at the store heals it, and the originals
that come late then change nothing."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.services.polls import ORDERS
from sandbox.clock import Clock, real_now
from tests.healing.conftest import Site
from tests.proof import Count, Figure
from tests.sandbox.shopify.running import Receiver

TOPICS = (
    "orders/create", "orders/updated", "orders/paid", "orders/fulfilled", "orders/partially_fulfilled",
    "orders/cancelled", "fulfillments/create", "fulfillments/update", "fulfillment_events/create",
    "refunds/create",
)  # fmt: skip
SKUS = ("HP-FERRY-250", "HP-GRINDER", "HP-EMBER-250", "HP-MUG-MOSS", "HP-KETTLE")
HOURS = timedelta(hours=2)
APART = timedelta(seconds=3)


def live(site: Site, orders: int, chance: random.Random) -> int:
    """Orders are placed all the time; most are shipped, some delivered, refunded or called off. Returns how
    many things happened."""
    clock = Clock(site.store.settings.clock_file)
    beginning, happened = site.now, 0
    for number in range(orders):
        site.now = beginning + HOURS * number / orders
        advance(clock, site.now)
        placed = site.store.order(
            *chance.sample(SKUS, chance.randint(1, 3)), email=f"b{number % 9}@example.com"
        )
        what = chance.choice(((), ("ship",), ("ship", "deliver"), ("ship", "refund"), ("cancel",)))
        for place, action in enumerate(what, 1):
            # A store tells whole seconds: of two changes within one, nobody knows which came last.
            advance(clock, site.now + place * APART)
            site.store.post(f"/sandbox/orders/{placed['id']}/{action}")
            happened += 1
    site.now = beginning + HOURS
    site.real += HOURS
    advance(clock, site.now)
    return happened + orders


def advance(clock: Clock, now: datetime) -> None:
    clock.set_offset((now - real_now()).total_seconds())


def snapshot(site: Site) -> dict[str, list[Any]]:
    """Everything that decides what is sent, and what is."""
    queries = {
        "orders": "SELECT id, version, body FROM orders ORDER BY id",
        "parcels": "SELECT id, body FROM parcels ORDER BY id",
        "scans": "SELECT id, body FROM parcel_events ORDER BY id",
        "refunds": "SELECT id, body FROM refunds ORDER BY id",
        "events": "SELECT key, happened_at, declined FROM events ORDER BY key",
        "journeys": "SELECT flow_key, subject, status, step, end_reason, wake_at FROM journeys ORDER BY 1, 2",
        "mails": "SELECT flow_key, step, order_id, parcel_id, state, reason, due_at FROM messages"
        " ORDER BY 1, 2, 3, 4",
        "timers": "SELECT due_at, lane FROM timers ORDER BY 1, 2",
    }
    return {name: [tuple(row) for row in site.rows(query)] for name, query in queries.items()}


@pytest.mark.parametrize("order_of_arrival", ["as_sent", "any"])
def test_one_look_heals_two_lost_hours(
    site: Site, receiver: Receiver, order_of_arrival: str, count: Count, figure: Figure
) -> None:
    chance = random.Random(7)
    orders = count(24, 400)
    site.api.subscribe(receiver.address, *TOPICS)
    site.quirks(hold=True)
    happened = live(site, orders, chance)
    assert receiver.got == []
    site.poll(ORDERS)
    healed = snapshot(site)
    figure("things that happened", happened)
    figure("orders healed", site.one("SELECT healed FROM polls WHERE noun = 'orders'"))
    assert len(healed["orders"]) == orders == site.one("SELECT healed FROM polls WHERE noun = 'orders'")
    assert len(healed["mails"]) > orders / 2 and len(healed["journeys"]) > orders

    released = site.store.post("/sandbox/release")["released"]
    site.store.settle()
    late = list(receiver.got)
    assert len(late) == released > happened
    if order_of_arrival == "any":
        chance.shuffle(late)
    assert site.hear(late) == released
    figure("late originals", released)
    site.errands()
    after = snapshot(site)
    for (_, _, one), (_, _, other) in zip(healed["orders"], after["orders"], strict=True):
        assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}
    assert after == healed


def test_without_the_look_nothing_would_be_known(site: Site, receiver: Receiver) -> None:
    site.api.subscribe(receiver.address, *TOPICS)
    site.quirks(drop=True)
    live(site, 3, random.Random(1))
    site.store.settle()
    assert receiver.got == [] and site.one("SELECT count(*) FROM orders") == 0
    site.poll(ORDERS)
    assert site.one("SELECT count(*) FROM orders") == 3
