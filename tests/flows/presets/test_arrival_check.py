"""Did it arrive? Who is asked and when, what an answer does, and what is inferred where nobody says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.commerce import OrderState, ParcelStatus, Shipped
from flows.events import ArrivalDenied, Event, OrderDelivered, confirmed_by_shopper
from tests.flows.life import flows
from tests.flows.pictures import BEANS, MUG, T0, order, parcel, picture, scan
from tests.flows.way_life import HOME, WayLife, life, run, sent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_on_the_evening_of_the_day_it_is_asked_whether_it_is_there() -> None:
    told = sent(life("arrival_check"), estimated_at=T0 + 4 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.told() == ["arrival_check/asked 03-06 18:00"]


def test_or_on_the_next_morning() -> None:
    told = sent(life("arrival_check", next_morning=1), estimated_at=T0 + 4 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.told() == ["arrival_check/asked 03-07 09:00"]


def test_a_day_that_moved_is_asked_about_on_the_new_day_alone() -> None:
    told = sent(life("arrival_check", next_morning=1), estimated_at=T0 + 4 * DAY)
    told.run_until(T0 + 4 * DAY + 12 * HOUR)
    one = replace(told.picture.parcels[0], estimated_at=T0 + 9 * DAY, version=told.now)
    told.see(replace(told.picture, parcels=(one,)))
    told.run_until(T0 + 60 * DAY)
    assert told.sent == [], "the evening had passed, and the morning has no question any more"
    early = sent(life("arrival_check"), estimated_at=T0 + 4 * DAY)
    early.see(replace(early.picture, parcels=(replace(one, version=T0 + 2 * DAY),)), T0 + 2 * DAY)
    early.run_until(T0 + 60 * DAY)
    assert early.told() == ["arrival_check/asked 03-11 18:00"]


def test_where_no_day_was_told_ours_is_asked_about_and_the_rest_is_inferred() -> None:
    """A carrier within the country: four working days, and seven until we take it to be there."""
    told = sent(life("arrival_check", "delivered", "review_request"))
    told.run_until(T0 + 60 * DAY)
    assert told.told()[:2] == ["arrival_check/asked 03-09 18:00", "review_request/ask 03-22 10:00"]
    assert told.known["order:13:delivered"].source == "inferred"
    assert told.known["order:13:delivered"].happened_at == datetime.fromisoformat("2026-03-12T23:00Z")
    assert told.steps_sent("delivered") == [], "nobody has said that it is there"
    assert told.journey("delivered").end_reason == "is_certain"


def test_whoever_says_yes_has_it_from_that_moment_on() -> None:
    told = sent(life("arrival_check", "delivered", "review_request"))
    told.run_until(T0 + 8 * DAY)
    yes = confirmed_by_shopper("9", "13", told.now)
    told.see(replace(told.picture, parcel_events=(yes,)))
    told.run_until(T0 + 60 * DAY)
    assert told.known["parcel:9:delivered"].source == "shopper"
    assert told.known["order:13:delivered"].happened_at == T0 + 8 * DAY
    assert [mail.flow for mail in told.sent][:3] == ["arrival_check", "delivered", "review_request"]


def test_whoever_says_no_is_asked_no_more_and_nothing_is_inferred() -> None:
    told = sent(life("arrival_check", "delivered", "review_request"))
    told.run_until(T0 + 8 * DAY)
    told.hear([Event(ArrivalDenied, "parcel:9:denied", "parcel:9", "13", told.now, "9", "shopper")])
    told.run_until(T0 + 90 * DAY)
    assert [mail.step for mail in told.sent] == ["asked"]
    assert OrderDelivered not in {event.kind for event in told.known.values()}


@pytest.mark.parametrize("change", [{"state": OrderState.CANCELLED}, {"fully_refunded": True}])
def test_an_order_that_is_over_is_not_asked_about(change: dict[str, Any]) -> None:
    told = sent(life("arrival_check"))
    over = replace(told.picture.order, version=T0 + 2 * DAY, **change)
    told.see(replace(told.picture, order=over), T0 + 2 * DAY)
    assert run(told).sent == []
    assert not any(event.source for event in told.known.values())


def test_what_was_late_long_ago_is_not_asked_about() -> None:
    told = WayLife(picture(order(shipping_address=HOME)), T0 + 9 * DAY + 12 * HOUR, flows("arrival_check"))
    sent(told, T0 + DAY)
    assert run(told).sent == []
    assert told.journey("arrival_check").end_reason == "happened_within"


def test_two_parcels_of_which_one_is_scanned_and_one_is_not() -> None:
    told = life("review_request", of=picture(order(MUG, BEANS, shipping_address=HOME)))
    first, second = parcel("8", (MUG,)), parcel("9", (BEANS,))
    scans = (scan(ParcelStatus.DELIVERED, T0 + 3 * DAY, of="8"),)
    told.see(replace(told.picture, parcels=(first, second), parcel_events=scans), T0 + 3 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.known["order:13:delivered"].source == "inferred"
    assert told.known["order:13:delivered"].happened_at == datetime.fromisoformat("2026-03-12T23:00Z")


def test_while_a_part_has_not_left_the_order_has_not_arrived() -> None:
    told = life("review_request", of=picture(order(MUG, BEANS, shipping_address=HOME, shipped=Shipped.PART)))
    told.see(replace(told.picture, parcels=(parcel("8", (MUG,)),)), T0 + DAY)
    told.run_until(T0 + 60 * DAY)
    assert "parcel:8:delivered" in told.known
    assert "order:13:delivered" not in told.known
