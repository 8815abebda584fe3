"""Whoever orders again ends what their earlier orders began."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.db import Database
from connectors.base import Reading
from flows.commerce import LineQuantity, OrderState, ParcelStatus
from tests.app.desk import START, Desk, a_parcel, a_product, an_order, connect_shop
from tests.app.services.statements import counted

DAY = timedelta(days=1)


def later(name: str = "14", days: int = 5, **changes: Any) -> Reading:
    return Reading(orders=(an_order(id=name, number=name, at=START + days * DAY, **changes),))


def win_back(desk: Desk, order_id: str = "13") -> tuple[str, str | None]:
    (row,) = desk.rows(
        "SELECT status, end_reason FROM journeys WHERE flow_key = 'win_back' AND order_id = :order",
        order=order_id,
    )
    return row.status, row.end_reason


def told(desk: Desk) -> list[str]:
    return [row.key for row in desk.rows("SELECT key FROM events WHERE kind = 'OrderedAgain' ORDER BY key")]


def test_the_next_order_ends_what_the_first_began(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    assert win_back(desk) == ("active", None)
    desk.now = START + 5 * DAY
    desk.read(later())
    assert win_back(desk) == ("ended", "OrderedAgain")
    assert win_back(desk, "14") == ("active", None)
    (row,) = desk.rows("SELECT key, happened_at, order_id FROM events WHERE kind = 'OrderedAgain'")
    assert (row.key, row.happened_at, row.order_id) == ("order:13:again:14", START + 5 * DAY, "13")
    desk.read(later(first_name="Mia M."))
    assert told(desk) == ["order:13:again:14"]


def test_both_told_at_once_or_the_later_one_first(db: Database) -> None:
    for place, batches in enumerate(([["13", "14"]], [["14", "13"]], [["14"], ["13"]])):
        desk = connect_shop(db, f"shop-{place}.example")
        desk.now = START + 5 * DAY
        first, second = an_order(), *later().orders
        for batch in batches:
            desk.read(*(Reading(orders=(first if name == "13" else second,)) for name in batch))
        assert told(desk) == ["order:13:again:14"], batches
        assert win_back(desk) == ("declined", "OrderedAgain"), batches
        assert win_back(desk, "14") == ("active", None), batches


@pytest.mark.parametrize(
    "other",
    [
        {"email": "ole@example.com"},
        {"accepted_at": None, "paid_at": None},
        {"is_test": True},
        {"email": None},
    ],
)
def test_what_is_no_order_of_theirs_ends_nothing(desk: Desk, other: dict[str, Any]) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.now = START + 5 * DAY
    desk.read(later(**other))
    assert told(desk) == []
    assert win_back(desk) == ("active", None)


def test_another_address_of_the_same_customer_is_theirs(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(customer_id="77"),)))
    desk.now = START + 5 * DAY
    desk.read(later(email="mia@work.example", customer_id="77"))
    assert told(desk) == ["order:13:again:14"]
    assert win_back(desk) == ("ended", "OrderedAgain")


def test_an_address_that_is_corrected_later_tells_whose_the_order_is(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.now = START + 5 * DAY
    desk.read(later(email="mia@exmaple.com"))
    assert win_back(desk) == ("active", None)
    desk.now += timedelta(hours=2)
    desk.read(later(version=desk.now))
    assert told(desk) == ["order:13:again:14"]
    assert win_back(desk) == ("ended", "OrderedAgain")


def test_whoever_ordered_before_a_flow_could_begin_is_told_of_no_second_order(desk: Desk) -> None:
    """Nothing was under way that would have heard of it."""
    desk.rows("UPDATE flow_switches SET enabled = flow_key = 'milestone_seasonal' RETURNING 1")
    chest = a_product(kind="Furniture")
    desk.read(Reading(products=(chest,), orders=(an_order(),)))
    desk.now = START + 2 * DAY
    desk.read(later(days=2))
    desk.now = START + 4 * DAY
    lines = (LineQuantity("l1", 2),)
    came = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=desk.now, lines=lines)
    desk.read(Reading(parcels=(came,)))
    (row,) = desk.rows("SELECT status, end_reason FROM journeys WHERE flow_key = 'milestone_seasonal'")
    assert (row.status, row.end_reason) == ("declined", "OrderedAgain")


def test_a_new_order_that_comes_to_nothing_takes_nothing_back(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.now = START + 5 * DAY
    desk.read(later())
    (second,) = later().orders
    at = START + 6 * DAY
    desk.read(Reading(orders=(replace(second, version=at, state=OrderState.CANCELLED, cancelled_at=at),)))
    assert win_back(desk) == ("ended", "OrderedAgain")
    assert win_back(desk, "14") == ("ended", "OrderCancelled")


def test_it_costs_the_same_for_one_and_for_many(db: Database) -> None:
    counts = []
    for size in (1, 50, 500):
        desk = connect_shop(db, f"shop-{size}.example")
        people = [f"p{n}@example.com" for n in range(size)]
        first = tuple(an_order(id=f"a{n}", number=f"a{n}", email=mail) for n, mail in enumerate(people))
        desk.read(Reading(orders=first))
        desk.now = at = START + 5 * DAY
        second = tuple(
            an_order(id=f"b{n}", number=f"b{n}", email=mail, at=at) for n, mail in enumerate(people)
        )
        with counted(db) as seen:
            desk.read(Reading(orders=second))
        assert len(told(desk)) == size
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_forty_orders_in_a_day_by_one_person(desk: Desk) -> None:
    desk.now = START + DAY
    hour = timedelta(hours=1)
    desk.read(
        Reading(
            orders=tuple(an_order(id=f"{n:02}", number=str(n), at=START + n * hour / 2) for n in range(1, 41))
        )
    )
    assert len(told(desk)) == 39
    rows = desk.rows("SELECT order_id FROM journeys WHERE flow_key = 'win_back' AND status = 'active'")
    assert [row.order_id for row in rows] == ["40"]
