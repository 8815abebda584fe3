"""A person over all their orders."""

from __future__ import annotations

from datetime import timedelta

from app.queries.people import load_people
from connectors.base import Reading
from flows.commerce import OrderState
from flows.person import Person
from tests.app.desk import KEYS, START, Desk, an_order

DAY = timedelta(days=1)


def person(desk: Desk, order: str = "1") -> Person:
    with desk.database.shops(desk.shop_id) as session:
        return load_people(session, [(desk.shop_id, order)], KEYS)[desk.shop_id, order]


def ordered(desk: Desk, id: str, days: float, **more: object) -> None:
    desk.read(Reading(orders=(an_order(id=id, number=id, at=START + days * DAY, **more),)))


def test_orders_before_and_after_and_what_was_spent(desk: Desk) -> None:
    for id, days in (("1", 0), ("2", 30), ("3", 70), ("4", 100)):
        ordered(desk, id, days)
    ordered(desk, "5", 101, refunded=270)
    seen = person(desk, "2")
    assert (seen.orders, seen.spent) == (5, 5 * 8270 - 270)
    assert (seen.first_order_at, seen.ordered_again_at) == (START, START + 70 * DAY)
    assert (seen.last_order_at, seen.usual_days) == (START + 101 * DAY, 30)
    assert person(desk, "5").ordered_again_at is None


def test_what_does_not_count(desk: Desk) -> None:
    ordered(desk, "1", 0)
    ordered(desk, "2", 10, state=OrderState.CANCELLED)
    ordered(desk, "3", 20, is_test=True)
    ordered(desk, "4", 30, accepted_at=None)
    ordered(desk, "5", 40, email="somebody.else@example.com")
    ordered(desk, "6", 50, currency="USD", email="MIA@example.com ")
    seen = person(desk)
    assert (seen.orders, seen.ordered_again_at, seen.spent) == (2, START + 50 * DAY, 8270)


def test_two_orders_make_no_rhythm_and_two_of_one_day_are_one(desk: Desk) -> None:
    ordered(desk, "1", 0)
    ordered(desk, "2", 30)
    assert person(desk).usual_days is None
    ordered(desk, "3", 30.2)
    assert person(desk).usual_days is None
    ordered(desk, "4", 90)
    assert person(desk).usual_days == 30


def test_a_name_that_tells_nothing(desk: Desk) -> None:
    ordered(desk, "1", 0)
    ordered(desk, "2", 1, email=None)
    key = person(desk).key
    assert key == KEYS.address_hash(desk.shop_id, "mia@example.com")
    with desk.database.shops(desk.shop_id) as session:
        assert load_people(session, [(desk.shop_id, "2")], KEYS) == {}
