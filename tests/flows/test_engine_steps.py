"""Waits, conditions and ways within a journey."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.conditions import has_happened, is_first_order, is_gift
from flows.delays import days, hours, knob
from flows.engine import advance, start
from flows.events import (
    EventKind,
    LinkClicked,
    ParcelShipped,
)
from flows.facts import Facts
from flows.journey import JourneyStatus
from flows.steps import Branch, Knob, Split, Wait, WaitFor
from tests.flows.a_journey import (
    ASK,
    DAY,
    HOUR,
    LAST,
    NUDGE,
    begun,
    event,
    rules,
    rung,
)
from tests.flows.pictures import ON, T0, facts, order, picture
from tests.flows.test_flow import flow as a_flow


def clicked(at: datetime) -> Facts:
    return facts(happened={LinkClicked: at})


WAITING = a_flow(
    ASK,
    WaitFor("click", LinkClicked, hours(48)),
    Split("how", (Branch((Wait("soon", hours(1)), NUDGE), has_happened(LinkClicked)), Branch((LAST,)))),
)


def test_waiting_for_something_that_comes() -> None:
    journey = begun(WAITING).journey
    assert (journey.step, journey.wake_at) == ("click", T0 + timedelta(hours=48))
    came = T0 + timedelta(hours=5)
    decision = advance(WAITING, journey, event(LinkClicked, came), clicked(came), came + timedelta(minutes=1))
    assert (decision.journey.step, decision.journey.anchor) == ("soon", came)
    assert decision.journey.wake_at == came + timedelta(hours=1)
    assert rules(decision.reasons) == ["waits_for_it", "takes_branch", "waits"]


@pytest.mark.parametrize(("told", "counted"), [(-HOUR, T0), (HOUR, T0 + HOUR), (9 * HOUR, T0 + 2 * HOUR)])
def test_what_comes_counts_from_when_it_happened_within_the_wait(told: timedelta, counted: datetime) -> None:
    """Not from before the wait began, and not from the future of a clock that is ahead."""
    came = event(LinkClicked, T0 + told)
    decision = advance(WAITING, begun(WAITING).journey, came, clicked(T0 + told), T0 + 2 * HOUR)
    assert decision.journey.anchor == counted


def test_waiting_for_something_that_does_not_come() -> None:
    decision = rung(WAITING, begun(WAITING).journey)
    assert [message.step for message in decision.messages] == ["last"]
    assert decision.journey.status is JourneyStatus.DONE
    assert [reason.passed for reason in decision.reasons if reason.rule == "takes_branch"] == [False, True]


def test_what_has_happened_already_is_not_waited_for() -> None:
    decision = begun(WAITING, clicked(T0 - DAY))
    assert decision.journey.step == "soon"
    assert decision.journey.wake_at == T0 + HOUR
    first = a_flow(WaitFor("click", LinkClicked, hours(48)), Wait("soon", hours(1)), LAST)
    early = begun(first, clicked(T0 - DAY))
    assert early.journey.anchor == T0, "from when the step was due, not from long ago"
    later = begun(first, clicked(T0 + HOUR), now=T0 + 3 * HOUR)
    assert later.journey.anchor == T0 + HOUR, "from when it happened, where that was later"


def test_another_parcel_is_not_what_it_waits_for() -> None:
    flow = a_flow(
        ASK,
        WaitFor("arrival", EventKind.PARCEL_DELIVERED, days(9)),
        LAST,
        trigger=ParcelShipped,
        per="parcel",
    )
    mine = facts(parcel_id="9")
    journey = start(flow, event(ParcelShipped, parcel_id="9"), mine, T0).journey
    other = advance(flow, journey, event(EventKind.PARCEL_DELIVERED, parcel_id="8"), mine, T0)
    assert other.journey == journey
    own = advance(flow, journey, event(EventKind.PARCEL_DELIVERED, parcel_id="9"), mine, T0)
    assert [message.step for message in own.messages] == ["last"]


@pytest.mark.parametrize(("orders_before", "sent"), [(0, ["ask", "last"]), (3, ["nudge", "last"])])
def test_steps_have_conditions_of_their_own(orders_before: int, sent: list[str]) -> None:
    flow = a_flow(
        replace(ASK, when=is_first_order),
        Wait("skipped", days(5), when=is_gift),
        replace(NUDGE, when=~is_first_order),
        WaitFor("not_waited", LinkClicked, days(5), when=is_gift),
        LAST,
    )
    decision = begun(flow, facts(orders_before=orders_before))
    assert [message.step for message in decision.messages] == sent
    assert rules(decision.reasons).count("step_applies") == 4


def test_a_split_takes_the_first_branch_that_holds_or_none() -> None:
    flow = a_flow(Split("s", (Branch((ASK,), is_gift), Branch((NUDGE,), is_first_order))), LAST)
    for seen, sent in (
        (facts(picture(order(is_gift=True))), ["ask", "last"]),
        (facts(), ["nudge", "last"]),
        (facts(orders_before=1), ["last"]),
    ):
        assert [message.step for message in begun(flow, seen).messages] == sent


def test_a_journey_goes_on_behind_the_split_it_waited_in() -> None:
    flow = a_flow(Split("s", (Branch((Wait("inner", days(1)), ASK)),)), NUDGE)
    decision = rung(flow, begun(flow).journey)
    assert [message.step for message in decision.messages] == ["ask", "nudge"]


def test_knobs_are_read_when_the_wait_begins() -> None:
    flow = a_flow(Wait("w", hours(knob("gap"))), ASK, knobs=(Knob("gap", 2, 0, 72, "Hours"),))
    assert begun(flow).journey.wake_at == T0 + timedelta(hours=2)
    turned: dict[str, Any] = {"gap": 30}
    assert begun(flow, facts(setting=replace(ON, knobs=turned))).journey.wake_at == T0 + timedelta(hours=30)
    turned["gap"] = 999
    assert begun(flow, facts(setting=replace(ON, knobs=turned))).journey.wake_at == T0 + timedelta(hours=2)
