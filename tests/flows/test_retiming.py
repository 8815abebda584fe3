"""Turning a knob moves a wait that is under way, and never into the night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.conditions import is_gift
from flows.delays import business_days, days, hours, knob
from flows.events import OrderDelivered, OrderPlaced, ReviewSubmitted
from flows.facts import Facts, FlowSetting, MailClass
from flows.flow import Flow
from flows.journey import JourneyState, JourneyStatus
from flows.presets.delivered import DELIVERED
from flows.presets.review_request import REVIEW_REQUEST
from flows.retiming import knobs_of, retimed
from flows.steps import Branch, Knob, Send, Split, Wait, WaitFor
from tests.flows.pictures import PRODUCTS, SHOP, picture

ZONE = ZoneInfo(SHOP.timezone)
ARRIVED = datetime(2026, 11, 4, 14, 30, tzinfo=ZONE).astimezone(UTC)


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def facts(**knobs: int) -> Facts:
    return Facts(SHOP, FlowSetting(True, None, knobs), picture(), {}, PRODUCTS)


def waiting(step: str, until: datetime, flow: Flow = REVIEW_REQUEST) -> JourneyState:
    return JourneyState(flow.key, 1, JourneyStatus.ACTIVE, ARRIVED, step, until)


@pytest.mark.parametrize(
    ("knobs", "until"),
    [
        ({}, local(14, 10)),
        ({"standard_days": 14}, local(18, 10)),
        ({"standard_days": 8}, local(12, 10)),
        ({"ask_hour": 18}, local(14, 18)),
        ({"fast_days": 9, "long_days": 99}, local(14, 10)),
        ({"standard_days": 500}, local(14, 10)),
    ],
)
def test_a_wait_counts_from_where_it_counted_before(knobs: dict[str, int], until: datetime) -> None:
    before = waiting("try_it", local(14, 10))
    after = retimed(REVIEW_REQUEST, before, facts(**knobs), local(6, 12))
    assert after == replace(before, wake_at=until)


def test_a_moment_that_is_over_becomes_the_next_showing_of_its_time_of_day() -> None:
    before = waiting("try_it", local(14, 10))
    at_night = retimed(REVIEW_REQUEST, before, facts(standard_days=3), local(12, 3))
    assert at_night.wake_at == local(12, 10)
    in_the_evening = retimed(REVIEW_REQUEST, before, facts(standard_days=3), local(12, 20))
    assert in_the_evening.wake_at == local(13, 10)
    parcel = waiting("unpack", ARRIVED + timedelta(hours=72), DELIVERED)
    assert retimed(DELIVERED, parcel, facts(wait_hours=2), local(6, 3)).wake_at == local(6, 16, 30)


def test_a_timer_that_should_have_rung_rings() -> None:
    late = waiting("try_it", local(14, 10))
    assert retimed(REVIEW_REQUEST, late, facts(standard_days=5), local(14, 11)) is late
    assert retimed(REVIEW_REQUEST, late, facts(standard_days=14), local(14, 11)).wake_at == local(18, 10)


@pytest.mark.parametrize(
    "state",
    [
        JourneyState("review_request", 1, JourneyStatus.ENDED, ARRIVED, None, None, "ReviewSubmitted"),
        JourneyState("review_request", 1, JourneyStatus.DONE, ARRIVED, None, None, "done"),
        JourneyState("review_request", 1, JourneyStatus.ACTIVE, ARRIVED, "no_such_step", local(14, 10)),
        JourneyState("review_request", 1, JourneyStatus.ACTIVE, ARRIVED, "ask", local(14, 10)),
    ],
)
def test_what_does_not_wait_does_not_move(state: JourneyState) -> None:
    assert retimed(REVIEW_REQUEST, state, facts(standard_days=14), local(6, 12)) is state


def test_working_days_stay_working_days() -> None:
    flow = Flow(
        key="office",
        version=1,
        mail_class=MailClass.TRANSACTIONAL,
        trigger=OrderPlaced,
        knobs=(Knob("wait", 5, 1, 20, "Working days"),),
        steps=(Wait("w", business_days(knob("wait"))), Send("s", "x/y", late_hours=4)),
    )
    before = waiting("w", local(11, 14, 30), flow)  # a Wednesday, from a Wednesday
    on_saturday = retimed(flow, before, facts(wait=1), local(7, 9))
    assert on_saturday.wake_at == local(9, 14, 30), "Monday"


def test_the_knobs_of_steps_of_every_kind() -> None:
    awaits = WaitFor("a", ReviewSubmitted, hours(knob("patience")))
    assert knobs_of(awaits) == ("patience",)
    assert knobs_of(Send("s", "x/y", 4)) == ()
    assert knobs_of(Split("p", (Branch((Wait("w", days(3)),), is_gift),))) == ()
    assert knobs_of(REVIEW_REQUEST.steps[0]) == (
        "fast_days",
        "standard_days",
        "complex_days",
        "long_days",
        "ask_hour",
    )
    flow = Flow(
        key="answers",
        version=1,
        mail_class=MailClass.TRANSACTIONAL,
        trigger=OrderDelivered,
        knobs=(Knob("patience", 24, 1, 96, "Hours"),),
        steps=(awaits, Send("s", "x/y", late_hours=4)),
    )
    before = waiting("a", ARRIVED + timedelta(hours=24), flow)
    assert retimed(flow, before, facts(patience=48), local(4, 15)).wake_at == ARRIVED + timedelta(hours=48)
