"""The flows of the way told as stories: what is said of an order that waits, a parcel that does not come, and
of money that goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.commerce import Address, OrderState, ParcelStatus, ReturnState, Shipped
from flows.commerce import Return as ReturnOfGoods
from flows.content import Content
from flows.events import ArrivalDenied, Event, OrderDelivered, confirmed_by_shopper
from flows.flow import Flow
from flows.picture import OrderPicture
from flows.presets import preset
from tests.flows.pictures import BEANS, MUG, T0, line, order, parcel, picture, refund, scan
from tests.flows.way_life import WayLife

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COURSE = line("course", ships=False)
HOME = Address(country="US")
WAY = ("order_progress", "delivery_updates", "arrival_check", "delivered")


def flows(*keys: str) -> tuple[Flow, ...]:
    return tuple(preset(key) for key in keys)


def life(*keys: str, of: OrderPicture | None = None, **turned: int) -> WayLife:
    told = WayLife(of or picture(order(shipping_address=HOME)), T0, flows(*(keys or WAY)))
    told.turned = turned
    told.see(told.picture)
    return told


def sent(told: WayLife, at: datetime = T0 + DAY, **other: Any) -> WayLife:
    """All of it has left in one parcel."""
    whole = parcel(lines=told.picture.order.lines, shipped_at=at, **other)
    told.see(replace(told.picture, parcels=(whole,)), at)
    return told


def scanned(told: WayLife, status: ParcelStatus, at: datetime, **other: Any) -> WayLife:
    scans = (*told.picture.parcel_events, scan(status, at, **other))
    told.see(replace(told.picture, parcel_events=scans), at)
    return told


# An order that waits to leave.


def test_an_order_that_has_not_left_after_three_business_days_is_told_of() -> None:
    told = life()
    told.run_until(T0 + 60 * DAY)
    assert told.told() == ["order_progress/preparing 03-05 10:00"]


def test_the_knob_says_how_long_and_a_weekend_is_no_business_day() -> None:
    told = life(days=5)
    told.run_until(T0 + 60 * DAY)
    assert told.told() == ["order_progress/preparing 03-09 10:00"]


def test_what_has_left_needs_no_word_and_what_nobody_sends_neither() -> None:
    told = sent(life("order_progress"))
    told.run_until(T0 + 60 * DAY)
    assert told.sent == []
    digital = life("order_progress", of=picture(order(COURSE)))
    digital.run_until(T0 + 60 * DAY)
    assert digital.journey("order_progress").end_reason == "has_goods"


@pytest.mark.parametrize("change", [{"state": OrderState.CANCELLED}, {"fully_refunded": True}])
def test_an_order_that_is_over_is_not_prepared(change: dict[str, Any]) -> None:
    told = life("order_progress")
    over = replace(told.picture.order, version=T0 + DAY, **change)
    told.see(replace(told.picture, order=over), T0 + DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.sent == []


# A day that moves.


def test_a_day_that_moves_back_is_told_once_for_each_new_day() -> None:
    told = sent(life("order_progress"), estimated_at=T0 + 4 * DAY)
    one = told.picture.parcels[0]

    def moved(to: datetime, at: datetime) -> None:
        promised, latest = T0 + 4 * DAY, max(to, *(p.put_off_to or to for p in told.picture.parcels))
        new = replace(one, version=at, estimated_at=to, promised_at=promised, put_off_to=latest)
        told.see(replace(told.picture, parcels=(new,)), at)

    moved(T0 + 4 * DAY + 23 * HOUR, T0 + 2 * DAY)
    assert told.sent == [], "less than a day"
    moved(T0 + 6 * DAY, T0 + 2 * DAY + HOUR)
    moved(T0 + 6 * DAY, T0 + 2 * DAY + 2 * HOUR)
    moved(T0 + 5 * DAY, T0 + 3 * DAY)
    moved(T0 + 6 * DAY, T0 + 3 * DAY + HOUR)
    moved(T0 + 8 * DAY, T0 + 4 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert [(step, at) for step, at in told.steps_sent("order_progress")] == [
        ("later", T0 + 2 * DAY + HOUR),
        ("later", T0 + 4 * DAY),
    ]


def test_a_day_told_by_a_scan_counts_as_well() -> None:
    told = sent(life("order_progress"))
    scanned(told, ParcelStatus.IN_TRANSIT, T0 + 2 * DAY, estimated_at=T0 + 4 * DAY)
    scanned(told, ParcelStatus.DELAYED, T0 + 3 * DAY, estimated_at=T0 + 6 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.steps_sent("order_progress") == [("later", T0 + 3 * DAY)]


def test_a_new_day_is_told_instead_of_the_delay() -> None:
    told = sent(life("order_progress", "delivery_updates"))
    scanned(told, ParcelStatus.IN_TRANSIT, T0 + 2 * DAY, estimated_at=T0 + 4 * DAY)
    scanned(told, ParcelStatus.DELAYED, T0 + 3 * DAY, estimated_at=T0 + 6 * DAY)
    assert [mail.step for mail in _run(told, 4 * DAY).sent] == ["later"]
    plain = scanned(sent(life("order_progress", "delivery_updates")), ParcelStatus.DELAYED, T0 + 3 * DAY)
    assert [mail.step for mail in _run(plain, 4 * DAY).sent] == ["delayed"]


def _run(told: WayLife, until: timedelta = 60 * DAY) -> WayLife:
    told.run_until(T0 + until)
    return told


# News from the way.


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (ParcelStatus.READY_FOR_PICKUP, "pickup"),
        (ParcelStatus.ATTEMPTED, "failed"),
        (ParcelStatus.FAILED, "failed"),
        (ParcelStatus.DELAYED, "delayed"),
    ],
)
def test_what_happens_to_a_parcel_is_told_at_once_and_once(status: ParcelStatus, step: str) -> None:
    told = scanned(sent(life("delivery_updates")), status, T0 + 2 * DAY)
    scanned(told, status, T0 + 2 * DAY + HOUR)
    told.run_until(T0 + 3 * DAY)
    assert told.steps_sent("delivery_updates") == [(step, T0 + 2 * DAY)]


def test_a_parcel_out_for_delivery_is_told_where_the_merchant_wants_it() -> None:
    told = _run(scanned(sent(life("delivery_updates")), ParcelStatus.OUT_FOR_DELIVERY, T0 + 2 * DAY), 3 * DAY)
    assert told.sent == []
    told = sent(life("delivery_updates", out_for_delivery=1))
    _run(scanned(told, ParcelStatus.OUT_FOR_DELIVERY, T0 + 2 * DAY), 3 * DAY)
    assert told.steps_sent("delivery_updates") == [("out", T0 + 2 * DAY)]


@pytest.mark.parametrize(
    ("knob", "status", "days"),
    [
        ("pickup", ParcelStatus.READY_FOR_PICKUP, 9),
        ("failed", ParcelStatus.ATTEMPTED, 5),
        ("delayed", ParcelStatus.DELAYED, 5),
        ("stalled", ParcelStatus.IN_TRANSIT, 9),
    ],
)
def test_each_can_be_turned_off(knob: str, status: ParcelStatus, days: int) -> None:
    off: dict[str, Any] = {knob: 0}
    told = scanned(sent(life("delivery_updates", **off)), status, T0 + 2 * DAY)
    assert _run(told, days * DAY).sent == []


def test_where_to_fetch_it_is_told_in_place_of_the_attempt() -> None:
    told = sent(life("delivery_updates"))
    tried = scan(ParcelStatus.ATTEMPTED, T0 + 2 * DAY)
    waits = scan(ParcelStatus.READY_FOR_PICKUP, T0 + 2 * DAY + HOUR)
    told.see(replace(told.picture, parcel_events=(tried, waits)), T0 + 2 * DAY + HOUR)
    told.run_until(T0 + 3 * DAY)
    assert [mail.step for mail in told.sent] == ["pickup"]


def test_what_has_been_overtaken_is_not_told() -> None:
    """A delivery that comes in with the attempt before it, as after an outage."""
    told = sent(life("delivery_updates"))
    scans = (scan(ParcelStatus.ATTEMPTED, T0 + 2 * DAY), scan(ParcelStatus.DELIVERED, T0 + 3 * DAY))
    told.see(replace(told.picture, parcel_events=scans), T0 + 3 * DAY)
    assert _run(told).sent == []


def test_four_days_without_a_scan_are_told_once() -> None:
    told = scanned(sent(life("delivery_updates")), ParcelStatus.IN_TRANSIT, T0 + 2 * DAY)
    told.run_until(T0 + 30 * DAY)
    assert told.steps_sent("delivery_updates") == [("stalled", T0 + 6 * DAY)]


def test_a_scan_begins_the_four_days_anew() -> None:
    told = scanned(sent(life("delivery_updates")), ParcelStatus.IN_TRANSIT, T0 + 2 * DAY)
    scanned(told, ParcelStatus.IN_TRANSIT, T0 + 5 * DAY)
    told.run_until(T0 + 30 * DAY)
    assert told.steps_sent("delivery_updates") == [("stalled", T0 + 9 * DAY)]


@pytest.mark.parametrize("status", [ParcelStatus.READY_FOR_PICKUP, ParcelStatus.FAILED])
def test_what_waits_for_somebody_does_not_stand_still(status: ParcelStatus) -> None:
    told = sent(life("delivery_updates", "arrival_check"), status=status)
    scanned(told, status, T0 + 2 * DAY)
    told.run_until(T0 + 30 * DAY)
    assert not {"stalled", "asked"} & {mail.step for mail in told.sent}


def test_a_parcel_that_nobody_follows_never_stands_still() -> None:
    told = _run(sent(life("delivery_updates")), 5 * DAY)
    assert told.sent == []


# Did it arrive?


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
    assert _run(told).sent == []
    assert not any(event.source for event in told.known.values())


def test_what_was_late_long_ago_is_not_asked_about() -> None:
    told = WayLife(picture(order(shipping_address=HOME)), T0 + 9 * DAY + 12 * HOUR, flows("arrival_check"))
    sent(told, T0 + DAY)
    assert _run(told).sent == []
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


# What is given back.

LOSS = ("cancel_refund_exchange",)


def test_a_refund_of_a_part_is_told_at_once_and_so_is_the_next() -> None:
    told = life(*LOSS, of=picture(order(MUG, BEANS)))
    one, two = refund((MUG, 1), at=T0 + DAY, amount=1000), refund(at=T0 + 2 * DAY, amount=300, name="r2")
    told.see(replace(told.picture, refunds=(one,)), T0 + DAY)
    told.see(replace(told.picture, refunds=(one, two)), T0 + 2 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.steps_sent("cancel_refund_exchange") == [
        ("refunded", T0 + DAY),
        ("refunded", T0 + 2 * DAY),
    ]


def test_a_refund_of_everything_is_one_mail() -> None:
    told = life(*LOSS)
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=T0 + DAY, amount=1000),)), T0 + DAY)
    assert _run(told).steps_sent("cancel_refund_exchange") == [("refunded", T0 + DAY)]


def test_a_store_that_says_no_more_than_that_all_was_given_back() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, fully_refunded=True, refunded=1000, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    assert _run(told).steps_sent("cancel_refund_exchange") == [
        ("refunded_all", T0 + DAY + timedelta(minutes=10))
    ]


def test_what_was_given_back_is_often_known_a_moment_later_and_told_once() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, fully_refunded=True, refunded=1000, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    later = T0 + DAY + timedelta(minutes=3)
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=later, amount=1000),)), later)
    assert _run(told).steps_sent("cancel_refund_exchange") == [("refunded", later)]


def test_money_that_goes_back_for_a_cancellation_that_is_not_told_is_told() -> None:
    told = life(*LOSS, cancelled=0)
    over = replace(told.picture.order, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    back = refund((MUG, 1), at=T0 + DAY + timedelta(minutes=2), amount=1000)
    told.see(replace(told.picture, refunds=(back,)), T0 + DAY + timedelta(minutes=2))
    assert [mail.step for mail in _run(told).sent] == ["refunded"]


def test_a_checkout_that_was_never_paid_is_called_off_without_a_word() -> None:
    bare = order(accepted_at=None, paid_at=None)
    told = life(*LOSS, of=picture(bare))
    over = replace(bare, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    assert _run(told).sent == []


def test_a_cancellation_tells_of_its_money_too() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    back = refund((MUG, 1), at=T0 + DAY + timedelta(minutes=2), amount=1000)
    told.see(replace(told.picture, order=over), T0 + DAY)
    told.see(replace(told.picture, refunds=(back,)), T0 + DAY + timedelta(minutes=2))
    told.run_until(T0 + 60 * DAY)
    assert told.steps_sent("cancel_refund_exchange") == [("cancelled", T0 + DAY + timedelta(minutes=10))]


def test_a_cancellation_that_is_taken_back_within_minutes_is_not_told() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    again = replace(over, state=OrderState.OPEN, version=T0 + DAY + timedelta(minutes=5))
    told.see(replace(told.picture, order=again), T0 + DAY + timedelta(minutes=5))
    assert _run(told).sent == []


@pytest.mark.parametrize(("knob", "kept"), [("cancelled", "refunded"), ("refunded", "cancelled")])
def test_cancellations_and_refunds_are_switched_apart(knob: str, kept: str) -> None:
    off: dict[str, Any] = {knob: 0}
    told = life(*LOSS, of=picture(order(MUG, BEANS)), **off)
    part = refund((MUG, 1), at=T0 + DAY, amount=1000)
    told.see(replace(told.picture, refunds=(part,)), T0 + DAY)
    over = replace(told.picture.order, state=OrderState.CANCELLED, version=T0 + 9 * DAY)
    told.see(replace(told.picture, order=over), T0 + 9 * DAY)
    assert [mail.step for mail in _run(told).sent] == [kept]


@pytest.mark.parametrize("change", [{"source": "pos"}, {"is_test": True}])
def test_neither_the_till_nor_a_test_is_written_to(change: dict[str, Any]) -> None:
    told = life(*LOSS, of=picture(order(**change)))
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=T0 + DAY, amount=1000),)), T0 + DAY)
    assert _run(told).sent == []


def test_a_return_that_is_asked_for_is_an_event_and_one_that_was_declined_is_none() -> None:
    wanted = ReturnOfGoods("7", "13", T0 + 5 * DAY, ReturnState.REQUESTED)
    told = life(*LOSS)
    told.see(replace(told.picture, returns=(wanted,)), T0 + 5 * DAY)
    assert told.known["return:7"].happened_at == T0 + 5 * DAY
    other = life(*LOSS)
    other.see(replace(other.picture, returns=(replace(wanted, state=ReturnState.DECLINED),)), T0 + 5 * DAY)
    assert "return:7" not in other.known


# What is not sent but used at once.


def test_access_is_given_once_it_is_paid() -> None:
    told = WayLife(picture(order(COURSE, accepted_at=None)), T0, flows("digital_access"))
    told.other_facts = {"content": {"access": Content("Go to the page and use your address.")}}
    told.see(told.picture)
    assert _run(told, DAY).sent == []
    told.see(picture(order(COURSE, paid_at=T0 + DAY, accepted_at=T0 + DAY)), T0 + DAY)
    assert _run(told).steps_sent("digital_access") == [("access", T0 + DAY)]


@pytest.mark.parametrize(
    ("of", "content", "reason"),
    [
        (order(MUG, paid_at=T0), {"access": Content("x")}, "has_digital_line"),
        (order(COURSE, paid_at=T0), {}, "has_words"),
        (order(COURSE, paid_at=T0, is_renewal=True), {"access": Content("x")}, "not_a_renewal"),
    ],
)
def test_who_gets_no_access(of: Any, content: dict[str, Content], reason: str) -> None:
    told = WayLife(picture(of), T0, flows("digital_access"))
    told.other_facts = {"content": content}
    told.see(told.picture)
    assert _run(told).sent == []
    assert told.journey("digital_access").end_reason == reason
