"""A journey that is late: what still counts, and from when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.delays import hours
from flows.engine import advance
from flows.journey import JourneyStatus
from flows.steps import Wait
from tests.flows.a_journey import (
    ASK,
    DAY,
    DUE,
    FLOW,
    NUDGE,
    begun,
    rung,
)
from tests.flows.pictures import T0, facts
from tests.flows.test_flow import flow as a_flow


def test_lateness_does_not_add_up() -> None:
    journey, dues = begun().journey, []
    while journey.status is JourneyStatus.ACTIVE:
        decision = rung(FLOW, journey, late=timedelta(hours=20))
        dues += [message.due_at for message in decision.messages]
        journey = decision.journey
    assert dues == [DUE, DUE + 3 * DAY, DUE + 10 * DAY]


def test_away_for_longer_than_a_wait_the_next_mail_keeps_its_distance() -> None:
    back = DUE + 5 * DAY + timedelta(hours=7)
    decision = advance(FLOW, begun().journey, None, facts(), back)
    assert [message.due_at for message in decision.messages] == [DUE]
    assert decision.journey.anchor == DUE + 5 * DAY
    assert decision.journey.wake_at == DUE + 8 * DAY, "three days from today, at the same time of day"


@pytest.mark.parametrize(("late", "then"), [(35, 3), (37, 4)])
def test_half_a_wait_is_the_least_between_two_mails(late: int, then: int) -> None:
    decision = rung(FLOW, begun().journey, late=timedelta(hours=late))
    assert decision.journey.wake_at == DUE + then * DAY


def test_away_for_longer_than_some_hours_they_count_from_now() -> None:
    flow = a_flow(ASK, Wait("w", hours(2)), NUDGE)
    back = T0 + timedelta(hours=30)
    assert begun(flow, now=back).journey.wake_at == back + timedelta(hours=2)


def test_a_first_wait_that_is_over_already_is_not_waited_again() -> None:
    flow = a_flow(Wait("w", hours(2)), ASK)
    assert begun(flow, now=T0 + DAY).journey.wake_at == T0 + timedelta(hours=2)
