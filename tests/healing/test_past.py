"""What is not reacted to while history is read: later messages find exactly what they would have found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.db import Database
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from connectors.base import Reading
from flows.commerce import OrderState, ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, a_refund, an_order, connect_shop
from tests.app.services.statements import counted

BEFORE = START - timedelta(days=3)


def read_past(desk: Desk, reading: Reading, past: bool) -> None:
    with desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        apply_readings(session, [(desk.shop_id, reading)], desk.keys, desk.now, desk.real, past=past)


def told(desk: Desk) -> dict[str, list[Any]]:
    """All that decides, but for when it was written down."""
    queries = {
        "events": "SELECT key, kind, order_id, parcel_id, happened_at, declined FROM events ORDER BY key",
        "journeys": "SELECT flow_key, subject, status, step, end_reason FROM journeys ORDER BY 1, 2",
        "messages": "SELECT flow_key, step, order_id, state, due_at FROM messages ORDER BY 1, 2, 3",
    }
    return {name: [tuple(row) for row in desk.rows(query)] for name, query in queries.items()}


# Of orders from before the connection: what history tells, and what messages tell later.
OPEN = an_order(id="1", at=BEFORE)
LATER = [
    Reading(orders=(an_order(id="1", at=BEFORE, version=START + timedelta(hours=1), shipped=Shipped.ALL),)),
    Reading(parcels=(a_parcel(id="t1", order_id="1"),)),
    Reading(parcels=(a_parcel(id="t1", order_id="1", status=ParcelStatus.DELIVERED,
                              delivered_at=START + timedelta(days=2)),)),
    Reading(refunds=(a_refund(id="r1", order_id="1"),)),
    Reading(orders=(an_order(id="1", at=BEFORE, version=START + timedelta(days=3),
                             state=OrderState.CANCELLED, cancelled_at=START + timedelta(days=3)),)),
]  # fmt: skip


@pytest.mark.parametrize("parcel", [False, True])
def test_messages_that_come_later_lead_to_the_same(db: Database, parcel: bool) -> None:
    parcels = (a_parcel(id="t1", order_id="1", at=BEFORE),) if parcel else ()
    seen = []
    for past in (False, True):
        desk = connect_shop(db, f"shop-{past}.example".lower())
        read_past(desk, Reading(orders=(OPEN,), parcels=parcels), past)
        assert bool(told(desk)["events"]) is not past
        for later in LATER:
            desk.now += timedelta(days=1)
            desk.read(later)
        seen.append(told(desk))
        assert seen[-1]["journeys"] == seen[-1]["messages"] == []
    assert seen[0] == seen[1] and len(seen[0]["events"]) >= 6


def test_an_order_of_the_second_of_the_connection_is_no_past(db: Database) -> None:
    desk = connect_shop(db, "now.example")
    read_past(desk, Reading(orders=(an_order(id="1", at=START), an_order(id="2", at=BEFORE))), True)
    assert {row.order_id for row in desk.rows("SELECT DISTINCT order_id FROM journeys")} == {"1"}


def test_an_order_that_is_recorded_already_is_reacted_to(db: Database) -> None:
    """A message came first and told of it as it was; history knows that it was called off."""
    desk = connect_shop(db, "first.example")
    desk.read(Reading(orders=(OPEN,)))
    gone = an_order(id="1", at=BEFORE, version=START, state=OrderState.CANCELLED, cancelled_at=START)
    read_past(desk, Reading(orders=(gone,)), True)
    assert "order:1:cancelled" in {row.key for row in desk.rows("SELECT key FROM events")}


def test_a_page_of_the_past_costs_the_same_for_any_number(db: Database) -> None:
    counts = []
    for size in (1, 50, 500):
        desk = connect_shop(db, f"shop-{size}.example")
        orders = tuple(an_order(id=str(n), number=str(n), at=BEFORE) for n in range(size))
        with counted(db) as seen:
            read_past(desk, Reading(orders=orders), True)
        assert desk.rows("SELECT count(*) AS n FROM orders")[0].n == size
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 12, counts
