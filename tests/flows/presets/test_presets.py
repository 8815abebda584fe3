"""The four presets told as stories: what a customer of the small shop gets, and when by its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.commerce import OrderState, ParcelStatus
from flows.events import OrderDelivered, ReviewSubmitted
from flows.facts import FlowSetting, MailClass
from flows.flow import Flow
from flows.journey import JourneyStatus
from flows.presets import BY_KEY, PRESETS, preset
from flows.steps import Send, steps_within
from tests.flows.life import FOUR, Life, switched
from tests.flows.pictures import BEANS, MUG, ON, SHOP, T0, order, parcel, picture, refund
from tests.flows.presets.four import ARRIVED, DAY, YEAR, asked, delivered, life


def test_an_ordinary_order_from_the_till_to_the_last_word() -> None:
    told = life()
    told.see(replace(told.picture, parcels=(parcel(),)), T0 + DAY)
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert [(mail.flow, mail.step, mail.at) for mail in told.sent[:3]] == [
        ("order_confirmation", "confirmation", T0),
        ("shipped", "parcel", T0 + DAY),
        ("delivered", "arrived", ARRIVED + timedelta(hours=2)),
    ]
    assert asked(told) == ["ask 03-15 10:00", "nudge 03-18 10:00", "last 03-25 10:00"]
    assert len(told.sent) == 6
    assert all(one.status is JourneyStatus.DONE for one in told.journeys.values())


def test_one_mail_for_each_parcel_and_one_for_the_whole_order() -> None:
    told = life(picture(order(MUG, BEANS)))
    first, second = parcel("8", (MUG,)), parcel("9", (BEANS,), shipped_at=T0 + 2 * DAY)
    told.see(replace(told.picture, parcels=(first,)), T0 + DAY)
    told.see(replace(told.picture, parcels=(first, second)), T0 + 2 * DAY)
    here = replace(first, status=ParcelStatus.DELIVERED, delivered_at=T0 + 3 * DAY)
    told.see(replace(told.picture, parcels=(here, second)), T0 + 3 * DAY)
    told.run_until(T0 + 4 * DAY)
    assert [(mail.subject, mail.at) for mail in told.sent if mail.flow == "shipped"] == [
        ("parcel:8", T0 + DAY),
        ("parcel:9", T0 + 2 * DAY),
    ]
    assert not told.steps_sent("delivered")
    there = replace(second, status=ParcelStatus.DELIVERED, delivered_at=T0 + 5 * DAY)
    told.see(replace(told.picture, parcels=(here, there)), T0 + 5 * DAY)
    told.run_until(T0 + YEAR)
    assert told.steps_sent("delivered") == [("arrived", T0 + 5 * DAY + timedelta(hours=2))]
    assert asked(told)[0] == "ask 03-17 10:00"


def test_an_order_on_hold_is_confirmed_when_the_store_takes_it_on() -> None:
    told = life(picture(order(accepted_at=None)))
    told.run_until(T0 + 3 * DAY)
    assert not told.sent
    paid = T0 + 3 * DAY
    told.see(picture(order(accepted_at=paid, paid_at=paid)), paid)
    told.run_until(paid + DAY)
    assert told.steps_sent("order_confirmation") == [("confirmation", paid)]


@pytest.mark.parametrize("change", [{"source": "pos"}, {"is_test": True}])
def test_neither_a_sale_at_the_till_nor_a_test_is_confirmed(change: dict[str, Any]) -> None:
    told = life(picture(order(**change)))
    told.run_until(T0 + DAY)
    assert not told.sent
    assert told.journey("order_confirmation").status is JourneyStatus.DECLINED


def test_a_test_order_gets_nothing_at_all() -> None:
    told = life(picture(order(is_test=True)))
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert not told.sent


@pytest.mark.parametrize("after", [DAY, 12 * DAY, 14 * DAY, 20 * DAY])
def test_a_full_refund_stops_what_is_still_to_come(after: timedelta) -> None:
    told = life()
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(ARRIVED + after)
    before = list(told.sent)
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=told.now, amount=1000),)))
    told.run_until(T0 + YEAR)
    assert told.sent == before
    assert told.journey("review_request").end_reason == "OrderRefunded"


@pytest.mark.parametrize(
    ("state", "reason"), [(OrderState.CANCELLED, "OrderCancelled"), (OrderState.GONE, "OrderDeleted")]
)
def test_an_order_that_is_no_more_hears_nothing_more(state: OrderState, reason: str) -> None:
    told = life()
    told.see(delivered(told.picture), ARRIVED)
    over = replace(told.picture.order, state=state, version=T0 + 5 * DAY)
    told.see(replace(told.picture, order=over), T0 + 5 * DAY)
    told.run_until(T0 + YEAR)
    assert asked(told) == []
    assert told.journey("review_request").end_reason == reason


def test_who_opted_out_still_hears_of_the_order() -> None:
    told = life()
    told.other_facts = {"unsubscribed": frozenset({MailClass.SERVICE, MailClass.MARKETING})}
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert {mail.flow for mail in told.sent} == {"order_confirmation", "shipped", "delivered"}
    skipped = {step: mail.reason for (_, step, _), mail in told.mails.items() if mail.state == "skipped"}
    assert skipped == dict.fromkeys(("ask", "nudge", "last"), "unsubscribed")


def test_an_old_delivery_is_no_news() -> None:
    told = life()
    told.see(delivered(told.picture, ARRIVED), ARRIVED + 6 * DAY)
    told.run_until(T0 + YEAR)
    assert not told.steps_sent("delivered")
    assert told.journey("delivered").end_reason == "happened_within"
    assert asked(told)[0] == "ask 03-15 10:00", "the review is not late yet"


@pytest.mark.parametrize(
    ("late", "sent"),
    [(timedelta(hours=12), True), (timedelta(hours=12, seconds=1), False)],
)
def test_a_confirmation_that_comes_too_late_stays_away(late: timedelta, sent: bool) -> None:
    told = Life(picture(), T0 + late, FOUR)
    told.see(picture())
    told.run_until(T0 + 3 * DAY)
    assert bool(told.sent) is sent
    if not sent:
        assert [mail.reason for mail in told.mails.values()] == ["expired"]


def test_history_from_before_the_connection_mails_nobody() -> None:
    old = SHOP.connected_at - DAY
    told = Life(delivered(picture(order(placed_at=old)), T0 - 2 * DAY), T0, FOUR)
    told.see(told.picture)
    told.run_until(T0 + YEAR)
    assert not told.sent
    assert {one.end_reason for one in told.journeys.values()} == {"placed_before_connect"}


def test_switched_on_again_means_new_events_only() -> None:
    told = Life(picture(), T0, FOUR, {flow.key: FlowSetting(False, T0 - DAY) for flow in FOUR})
    told.see(picture())
    told.see(replace(told.picture, parcels=(parcel(),)), T0 + DAY)
    told.settings = {flow.key: FlowSetting(True, T0 + 2 * DAY) for flow in FOUR}
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert {mail.flow for mail in told.sent} == {"delivered", "review_request"}


def test_switched_off_and_back_within_the_undo_nothing_is_lost() -> None:
    told = life()
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(ARRIVED + timedelta(hours=2) - timedelta(seconds=3))
    switched(told, "delivered", enabled=False)
    told.run_until(ARRIVED + timedelta(hours=2))
    assert not told.steps_sent("delivered")
    told.settings["delivered"] = ON
    told.run_until(T0 + YEAR)
    assert told.steps_sent("delivered") == [("arrived", ARRIVED + timedelta(hours=2, seconds=7))]


def test_switched_off_for_good_nothing_leaves() -> None:
    told = life()
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(ARRIVED + 11 * DAY)
    switched(told, "review_request", enabled=False)
    told.run_until(T0 + YEAR)
    assert asked(told) == ["ask 03-15 10:00"]
    skipped = {step: mail.reason for (_, step, _), mail in told.mails.items() if mail.state == "skipped"}
    assert skipped == {"nudge": "flow_off", "last": "flow_off"}


def test_a_merchant_turns_the_knobs() -> None:
    told = life()
    told.settings["review_request"] = replace(ON, knobs={"standard_days": 14, "ask_hour": 18})
    told.settings["delivered"] = replace(ON, knobs={"wait_hours": 0})
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert asked(told) == ["ask 03-19 18:00", "nudge 03-22 18:00", "last 03-29 18:00"]
    assert told.steps_sent("delivered") == [("arrived", ARRIVED)]


def test_what_the_presets_promise() -> None:
    promised = {flow.key: (flow.mail_class.value, flow.per, _late_hours(flow)) for flow in FOUR}
    assert promised == {
        "order_confirmation": ("T", "order", [12]),
        "shipped": ("T", "parcel", [48]),
        "delivered": ("T", "order", [48]),
        "review_request": ("S", "order", [336, 336, 336]),
    }
    assert preset("review_request").goal is ReviewSubmitted
    assert preset("review_request").trigger is OrderDelivered


def _late_hours(flow: Flow) -> list[int]:
    return [step.late_hours for step in steps_within(flow.steps) if isinstance(step, Send)]


def test_presets_are_found_by_key() -> None:
    assert [preset(flow.key) for flow in PRESETS] == list(PRESETS)
    assert len(BY_KEY) == len(PRESETS)
    with pytest.raises(KeyError):
        preset("newsletter")


@pytest.mark.parametrize("flow", PRESETS, ids=lambda flow: flow.key)
def test_a_mail_is_named_by_its_flow(flow: Flow) -> None:
    """Steps that say the same again share a mail."""
    for step in steps_within(flow.steps):
        if isinstance(step, Send):
            assert step.template.startswith(f"{flow.key}/")
