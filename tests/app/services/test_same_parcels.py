"""A parcel whose name changes is the same parcel: told once, whichever source names it next, and in whatever
order the messages arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from app.services.same_parcels import as_known
from connectors.base import Reading
from flows.commerce import LineQuantity, Parcel, ParcelStatus
from tests.app.desk import Desk
from tests.app.services.told_orders import PLACED, TRACKING, Orders, entry, fulfilment, written

DONE: dict[str, Any] = {"date_completed_gmt": written(PLACED + timedelta(minutes=1))}
MARK = {"_fulfillment_status": "fulfilled"}


@pytest.fixture
def orders(desk: Desk) -> Orders:
    return Orders(desk)


def _completed_then_numbered(orders: Orders) -> list[Reading]:
    return [
        orders.change("completed", **DONE),
        orders.change("completed", {TRACKING: [entry("00340")]}),
    ]


def _corrected(orders: Orders) -> list[Reading]:
    return [
        orders.change("shipped", {TRACKING: [entry("00339")]}),
        orders.change("shipped", {TRACKING: [entry("00340")]}),
    ]


def _completed_numbered_and_corrected(orders: Orders) -> list[Reading]:
    return [
        orders.change("completed", **DONE),
        orders.change("completed", {TRACKING: [entry("00339")]}),
        orders.change("completed", {TRACKING: [entry("00340")]}),
    ]


STORIES = [_completed_then_numbered, _corrected, _completed_numbered_and_corrected]


@pytest.mark.parametrize(
    ("story", "arrival"),
    [(story, arrival) for story in STORIES for arrival in permutations(range(3))],
)
def test_one_parcel_is_told_once_in_whatever_order(
    orders: Orders, story: Callable[[Orders], list[Reading]], arrival: tuple[int, ...]
) -> None:
    told = story(orders)
    for at in arrival:
        if at < len(told):
            orders.desk.read(told[at])
    orders.again()
    assert (len(orders.mails()), orders.numbers()) == (1, ["00340"])
    assert orders.events().count("ParcelShipped") == 1


def test_all_of_it_in_one_batch_is_the_same(orders: Orders) -> None:
    orders.desk.read(*_completed_numbered_and_corrected(orders))
    assert (len(orders.mails()), orders.numbers()) == (1, ["00340"])


def test_a_number_of_a_fulfilment_that_a_plugin_writes_too(orders: Orders) -> None:
    orders.say("completed", MARK)
    orders.fulfil(fulfilment(41, "1Z1"))
    orders.say("completed", {**MARK, TRACKING: [entry("1Z 1")]})
    orders.fulfil(fulfilment(41, "1Z1"))
    assert (orders.live(), orders.mails()) == (["13:fulfillment-41"], ["13:fulfillment-41"])


def test_a_number_of_a_plugin_that_a_fulfilment_bears_later(orders: Orders) -> None:
    orders.say("completed", {TRACKING: [entry("1Z1")]})
    orders.say("completed", MARK)
    orders.fulfil(fulfilment(41, "1Z1"))
    assert (orders.live(), orders.mails()) == (["13:1Z1"], ["13:1Z1"])


def _made_now(orders: Orders, id: int, number: str) -> dict[str, Any]:
    return fulfilment(id, number, date_updated=written(orders.desk.now))


@pytest.mark.parametrize("number", ["1Z1", "1Z2", ""])
def test_a_fulfilment_that_takes_a_plugins_place_is_known_again(orders: Orders, number: str) -> None:
    orders.say("completed", {TRACKING: [entry("1Z1")]})
    orders.say("completed", MARK)
    for _ in range(3):
        orders.fulfil(_made_now(orders, 41, number))
        assert (orders.live(), orders.mails()) == (["13:1Z1"], ["13:1Z1"])
    assert orders.numbers() == [number or "1Z1"]
    orders.fulfil(_made_now(orders, 41, "1Z1"), _made_now(orders, 42, "1Z3"))
    assert orders.mails() == ["13:1Z1", "13:fulfillment-42"]


@pytest.mark.parametrize("number", ["1Z1", ""])
def test_the_first_fulfilment_of_what_was_completed_is_what_left_then(orders: Orders, number: str) -> None:
    orders.say("completed", **DONE)
    orders.say("completed", MARK)
    for _ in range(2):
        orders.fulfil(_made_now(orders, 41, number))
        assert (orders.live(), orders.mails()) == (["13:completed"], ["13:completed"])
    assert orders.numbers() == [number]
    orders.fulfil(_made_now(orders, 41, number), _made_now(orders, 42, "1Z2"))
    assert orders.mails() == ["13:completed", "13:fulfillment-42"]


def test_what_was_stored_before_parcels_said_so_takes_its_number(orders: Orders) -> None:
    orders.say("completed", **DONE)
    assert orders.desk.rows("UPDATE parcels SET body = body - 'nameless' RETURNING id")
    orders.say("completed", {TRACKING: [entry("00340")]})
    assert (orders.live(), orders.numbers()) == (["13:completed"], ["00340"])
    assert orders.mails() == ["13:completed"]


def test_a_second_parcel_is_a_parcel(orders: Orders) -> None:
    orders.say("completed", **DONE)
    orders.say("completed", {TRACKING: [entry("00340"), entry("00341", "two")]})
    assert orders.mails() == ["13:completed", "13:00341"]
    orders.say("completed", {TRACKING: [entry("00340"), entry("00342", "two")]})
    assert (len(orders.mails()), orders.numbers()) == (2, ["00340", "00342"])


def test_the_number_of_before_may_be_another_parcels(orders: Orders) -> None:
    for numbers in (["00340"], ["00341"], ["00341", "00340"], ["00341", "00340"]):
        orders.say("shipped", {TRACKING: [entry(number, number) for number in numbers]})
    assert orders.numbers() == ["00340", "00341"]
    assert orders.mails() == ["13:00340", "13:00340:2"]


def test_a_number_that_is_taken_out_is_shown_no_more(orders: Orders) -> None:
    orders.say("completed", {TRACKING: [entry("00340")]}, **DONE)
    orders.say("completed")
    assert (orders.numbers(), orders.mails()) == ([""], ["13:00340"])


def test_what_an_older_state_names_is_no_news(orders: Orders) -> None:
    early = orders.change("shipped", {TRACKING: [entry("00340")]})
    orders.say("processing")
    orders.desk.read(early)
    assert (orders.live(), orders.mails()) == ([], [])


def _parcel(name: str, number: str = "", *lines: str, nameless: bool = False, **more: Any) -> Parcel:
    status = more.pop("status", ParcelStatus.SHIPPED)
    inside = tuple(LineQuantity(line, 1) for line in lines)
    return Parcel(name, "13", PLACED, status, tracking_number=number, lines=inside, nameless=nameless, **more)


def _named(known: list[Parcel], told: list[Parcel], *, all_of_it: bool = True) -> list[str]:
    return [one.id for one in as_known(known, told, all_of_it=all_of_it)]


def test_where_a_store_names_its_parcels_each_name_is_one() -> None:
    assert _named([_parcel("f1", "A")], [_parcel("f2", "A")]) == ["f2"]
    assert _named([_parcel("f1", "A")], [_parcel("f2", "B")]) == ["f2"]
    assert _named([_parcel("13:completed", own_name="f1")], [_parcel("f2", "B")]) == ["f2"]


def test_who_has_something_else_inside_is_another_parcel() -> None:
    known = [_parcel("13:A", "A", "l1", nameless=True)]
    assert _named(known, [_parcel("13:B", "B", "l2", nameless=True)]) == ["13:B"]
    assert _named(known, [_parcel("13:B", "B", "l1", "l2", nameless=True)]) == ["13:A"]


def test_numbers_are_corrected_only_where_all_are_told_and_as_many() -> None:
    known = [_parcel("13:A", "A", nameless=True)]
    new = [_parcel("13:B", "B", nameless=True), _parcel("13:C", "C", nameless=True)]
    assert _named(known, new[:1], all_of_it=False) == ["13:B"]
    assert _named(known, new) == ["13:B", "13:C"]


def test_what_was_called_off_is_nobody_elses_parcel() -> None:
    off = _parcel("13:fulfillment-1", "A", status=ParcelStatus.CANCELLED)
    again = _parcel("13:A", "A", nameless=True)
    assert _named([off], [again]) == ["13:A"]
    assert _named([_parcel("13:fulfillment-1", "A")], [off, again]) == ["13:fulfillment-1", "13:A"]


def test_a_fulfilment_that_is_called_off_leaves_the_number_to_the_plugin(orders: Orders) -> None:
    orders.say("completed", {TRACKING: [entry("1Z1")]})
    orders.say("completed", MARK)
    orders.fulfil(_made_now(orders, 41, "1Z1"))
    off = {"date_deleted": written(orders.desk.now)}
    orders.fulfil(fulfilment(41, "1Z1", **off))
    assert orders.live() == ["13:fulfillment-41"]
    orders.say("completed", {TRACKING: [entry("1Z1")]})
    assert (orders.numbers(), orders.mails()) == (["1Z1"], ["13:1Z1"])


def test_who_bears_another_number_by_now_is_nobody_of_the_one_of_before() -> None:
    known = [_parcel("f1", "A")]
    assert _named(known, [_parcel("13:A", "A", nameless=True), _parcel("f1", "B")]) == ["13:A", "f1"]
