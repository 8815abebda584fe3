"""A flow that is edited while a journey is under way."""

from __future__ import annotations

from dataclasses import replace

from flows.conditions import has_kept_line
from flows.delays import days
from flows.journey import JourneyStatus
from flows.steps import Wait
from flows.versions import succeeding
from tests.flows.a_journey import (
    ASK,
    DAY,
    DUE,
    FLOW,
    NUDGE,
    STEPS,
    begun,
    rung,
)
from tests.flows.pictures import MUG, T0, facts, picture, refund
from tests.flows.test_flow import flow as a_flow


def test_a_journey_goes_on_with_the_newest_definition() -> None:
    newest = succeeding(FLOW, replace(FLOW, steps=(STEPS[0], ASK, Wait("second", days(5)), NUDGE)))
    journey = begun().journey
    asked = rung(newest, journey)
    assert asked.journey.wake_at == DUE + 5 * DAY
    assert asked.journey.flow_version == 2
    done = rung(newest, asked.journey)
    assert [message.step for message in done.messages] == ["nudge"]
    assert done.journey.status is JourneyStatus.DONE


def test_a_step_that_vanished_gives_way_to_the_next() -> None:
    waiting = rung(FLOW, begun().journey).journey
    assert waiting.step == "second"
    newest = succeeding(FLOW, replace(FLOW, steps=(STEPS[0], ASK, *STEPS[4:])))
    decision = rung(newest, waiting)
    assert decision.messages == ()
    assert (decision.journey.step, decision.journey.wake_at) == ("third", DUE + 10 * DAY)
    assert [message.step for message in rung(newest, decision.journey).messages] == ["last"]


def test_a_step_that_no_version_explains_ends_the_journey() -> None:
    strange = replace(begun().journey, step="from_nowhere")
    decision = rung(FLOW, strange)
    assert (decision.journey.status, decision.journey.end_reason) == (JourneyStatus.ENDED, "step_removed")
    assert decision.messages == ()
    assert not decision.cancel_open


def test_an_edit_may_plan_a_mail_again_but_under_the_name_it_had() -> None:
    """The same step of the same journey has one message for ever, so this one exists already."""
    waiting = rung(FLOW, begun().journey).journey
    moved = replace(FLOW, version=2, steps=(STEPS[0], STEPS[2], ASK, NUDGE))
    assert [(one.step, one.occurrence) for one in rung(moved, waiting).messages] == [("ask", 1), ("nudge", 1)]


def test_lines_may_be_demanded_alone() -> None:
    flow = a_flow(*STEPS, enter_if=has_kept_line)
    none_left = facts(picture(refunds=(refund((MUG, 1), at=T0),)))
    assert begun(flow, none_left).journey.end_reason == "has_kept_line"
