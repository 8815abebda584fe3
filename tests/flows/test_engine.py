from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.commerce import OrderState
from flows.conditions import has_happened, has_kept_line, has_reviewable_line, is_first_order, is_gift
from flows.delays import days, hours, knob, local_time
from flows.engine import advance, start
from flows.events import (
    Event,
    EventKind,
    LinesRefunded,
    LinkClicked,
    OrderCancelled,
    OrderDelivered,
    OrderRefunded,
    ParcelShipped,
    ReviewSubmitted,
    Unsubscribed,
)
from flows.facts import Facts, FlowSetting, Reason
from flows.flow import Flow
from flows.journey import Decision, JourneyState, JourneyStatus, PlannedMessage
from flows.steps import Branch, Knob, Send, Split, Step, Wait, WaitFor
from flows.versions import succeeding
from tests.flows.pictures import BEANS, MUG, ON, SHOP, T0, facts, order, picture, refund
from tests.flows.test_flow import flow as a_flow

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ASK, NUDGE, LAST = (Send(name, f"hello/{name}", late_hours=48) for name in ("ask", "nudge", "last"))
STEPS: tuple[Step, ...] = (
    Wait("first", days(10), at=local_time(10)),
    ASK,
    Wait("second", days(3)),
    NUDGE,
    Wait("third", days(7)),
    LAST,
)
FLOW = a_flow(
    *STEPS,
    enter_if=has_reviewable_line & ~is_gift,
    exit_on=(OrderRefunded, OrderCancelled, Unsubscribed),
    goal=ReviewSubmitted,
)
CANCELLED = picture(order(state=OrderState.CANCELLED))
DUE = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)
"""The tenth day after T0, at ten in Chicago."""


def event(kind: EventKind, at: datetime = T0, parcel_id: str | None = None) -> Event:
    subject = f"parcel:{parcel_id}" if parcel_id else "order:13"
    return Event(kind, f"{subject}:{kind.value}", subject, "13", at, parcel_id)


def begun(
    flow: Flow = FLOW, seen: Facts | None = None, at: datetime = T0, now: datetime | None = None
) -> Decision:
    return start(flow, event(OrderDelivered, at), seen or facts(), now or at)


def rung(
    flow: Flow, journey: JourneyState, seen: Facts | None = None, late: timedelta = timedelta(0)
) -> Decision:
    assert journey.wake_at is not None
    return advance(flow, journey, None, seen or facts(), journey.wake_at + late)


def rules(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.rule for reason in reasons]


def test_a_journey_waits_in_its_first_wait() -> None:
    decision = begun()
    assert decision.journey == JourneyState("trial", 1, JourneyStatus.ACTIVE, T0, "first", DUE)
    assert decision.messages == ()
    assert not decision.cancel_open
    last = decision.reasons[-1]
    assert (last.rule, last.value) == ("waits", "first until 2026-03-12T15:00:00+00:00")
    assert last.wanted == "10 days, at 10:00 America/Chicago"


def test_a_year_in_a_blink() -> None:
    """Every step at its time, from the first wait to the end."""
    journey, sent = begun().journey, []
    while journey.status is JourneyStatus.ACTIVE:
        decision = rung(FLOW, journey, late=timedelta(seconds=2))
        sent += [(message.step, message.due_at) for message in decision.messages]
        journey = decision.journey
    assert sent == [("ask", DUE), ("nudge", DUE + 3 * DAY), ("last", DUE + 10 * DAY)]
    assert journey == JourneyState("trial", 1, JourneyStatus.DONE, DUE + 10 * DAY, end_reason="done")


def test_a_message_says_until_when_it_may_leave() -> None:
    (message,) = rung(FLOW, begun().journey).messages
    assert message == PlannedMessage("ask", "hello/ask", DUE, DUE + timedelta(hours=48), 1)


def test_a_flow_without_waits_is_done_at_once() -> None:
    decision = begun(a_flow(ASK, NUDGE))
    assert [message.step for message in decision.messages] == ["ask", "nudge"]
    assert decision.journey.status is JourneyStatus.DONE
    assert decision.journey.wake_at is None


def test_only_the_trigger_starts_a_flow() -> None:
    with pytest.raises(ValueError, match="ParcelShipped"):
        start(FLOW, event(ParcelShipped, parcel_id="9"), facts(), T0)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (facts(shop=replace(SHOP, active=False)), "shop_inactive"),
        (facts(shop=replace(SHOP, connected_at=T0 + DAY)), "placed_before_connect"),
        (facts(setting=FlowSetting()), "flow_off"),
        (facts(setting=FlowSetting(False, T0 - DAY)), "flow_off"),
        (facts(setting=FlowSetting(True, T0 + timedelta(minutes=1))), "flow_off"),
        (facts(happened={OrderRefunded: T0}), "OrderRefunded"),
        (facts(happened={ReviewSubmitted: T0}), "ReviewSubmitted"),
        (facts(happened={Unsubscribed: T0, OrderRefunded: T0}), "OrderRefunded"),
        (facts(picture(order(state=OrderState.CANCELLED))), "OrderCancelled"),
        (facts(picture(order(fully_refunded=True))), "OrderRefunded"),
        (facts(picture(refunds=(refund((MUG, 1), at=T0),))), "has_reviewable_line"),
        (facts(picture(order(is_gift=True))), "not_a_gift"),
        (facts(picture(order(is_gift=True)), shop=replace(SHOP, active=False)), "shop_inactive"),
    ],
)
def test_the_first_rule_that_fails_declines_for_ever(seen: Facts, reason: str) -> None:
    decision = begun(seen=seen)
    assert decision.journey.status is JourneyStatus.DECLINED
    assert decision.journey.end_reason == reason
    assert decision.journey.wake_at is None
    assert decision.messages == ()
    assert rules(decision.reasons) == [
        "shop_is_active",
        "placed_after_connect",
        "flow_was_on",
        *["has_not_happened"] * 4,
        "all",
    ], "the whole tree is kept, whichever rule decides"
    again = advance(FLOW, decision.journey, event(ReviewSubmitted), facts(), T0 + DAY)
    assert again.journey == decision.journey
    assert not again.cancel_open


def test_an_order_from_before_the_flow_starts_it_by_what_happens_now() -> None:
    """The start rule looks at the event, not at the order: switched on between the two, it starts."""
    seen = facts(setting=FlowSetting(True, T0 + DAY))
    assert begun(seen=seen, at=T0 + 2 * DAY).journey.status is JourneyStatus.ACTIVE
    assert begun(seen=seen, at=T0).journey.end_reason == "flow_off"


def test_an_event_that_is_healed_late_counts_from_when_it_happened() -> None:
    decision = begun(now=T0 + 12 * DAY)
    assert decision.journey.wake_at == DUE
    (message,) = advance(FLOW, decision.journey, None, facts(), T0 + 12 * DAY).messages
    assert message.due_at == DUE


def test_a_store_whose_clock_is_ahead_does_not_delay_anything() -> None:
    decision = begun(a_flow(ASK), at=T0 + timedelta(minutes=20), now=T0)
    assert decision.messages[0].due_at == T0


@pytest.mark.parametrize("kind", [OrderRefunded, OrderCancelled, Unsubscribed, ReviewSubmitted])
def test_an_exit_ends_the_journey_and_its_open_mails(kind: EventKind) -> None:
    journey = rung(FLOW, begun().journey).journey
    seen = facts(CANCELLED if kind is OrderCancelled else picture())
    decision = advance(FLOW, journey, event(kind, T0 + 11 * DAY), seen, T0 + 11 * DAY)
    assert decision.journey.status is JourneyStatus.ENDED
    assert decision.journey.end_reason == kind.value
    assert (decision.journey.step, decision.journey.wake_at) == (None, None)
    assert decision.cancel_open
    assert decision.messages == ()


def test_a_cancellation_that_was_taken_back_ends_nothing_and_lets_the_order_in() -> None:
    """Told of late, and recorded: what the order says now counts."""
    recorded = facts(happened={OrderCancelled: T0})
    journey = begun(seen=recorded).journey
    assert journey.status is JourneyStatus.ACTIVE
    assert advance(FLOW, journey, event(OrderCancelled), recorded, T0 + DAY).journey == journey
    again = advance(FLOW, journey, event(OrderCancelled), facts(CANCELLED), T0 + DAY)
    assert (again.journey.status, again.cancel_open) == (JourneyStatus.ENDED, True)


def test_an_exit_that_was_recorded_but_never_heard_ends_it_at_the_timer() -> None:
    decision = rung(FLOW, begun().journey, facts(happened={OrderRefunded: T0}))
    assert (decision.journey.status, decision.journey.end_reason) == (JourneyStatus.ENDED, "OrderRefunded")
    assert decision.messages == ()
    assert decision.cancel_open


def test_of_two_exits_the_one_that_is_told_names_the_end() -> None:
    seen = facts(happened={OrderRefunded: T0, Unsubscribed: T0})
    decision = advance(FLOW, begun().journey, event(Unsubscribed), seen, T0)
    assert decision.journey.end_reason == "Unsubscribed"


def test_what_does_not_concern_it_leaves_a_journey_as_it_is() -> None:
    journey = begun().journey
    for kind in (LinesRefunded, LinkClicked, OrderDelivered):
        decision = advance(FLOW, journey, event(kind), facts(), T0 + DAY)
        assert decision.journey == journey
        assert decision.messages == ()
        assert rules(decision.reasons) == ["waits_for_it"]


def test_a_timer_that_rings_early_or_twice_changes_nothing() -> None:
    journey = begun().journey
    early = advance(FLOW, journey, None, facts(), DUE - timedelta(seconds=1))
    assert early.journey == journey
    assert rules(early.reasons) == ["timer_is_due"]
    moved = advance(FLOW, journey, None, facts(), DUE)
    again = advance(FLOW, moved.journey, None, facts(), DUE)
    assert again.journey == moved.journey
    assert again.messages == ()


def test_a_partial_refund_only_drops_its_line() -> None:
    journey = begun(seen=facts(picture(order(MUG, BEANS)))).journey
    left = facts(picture(order(MUG, BEANS), refunds=(refund((MUG, 1), at=T0),)), {LinesRefunded: T0})
    assert advance(FLOW, journey, event(LinesRefunded), left, T0 + DAY).journey == journey
    assert rung(FLOW, journey, left).messages


@pytest.mark.parametrize("signal", [event(LinesRefunded), None])
def test_a_refund_of_the_last_line_ends_it(signal: Event | None) -> None:
    """Told, or found when the timer rings: the money kept for shipping makes it no full refund."""
    none_left = facts(picture(refunds=(refund((MUG, 1), at=T0, amount=1),)))
    decision = advance(FLOW, begun().journey, signal, none_left, DUE)
    assert decision.journey.status is JourneyStatus.ENDED
    assert decision.journey.end_reason == "has_reviewable_line"
    assert decision.cancel_open
    assert decision.reasons[0].parts[0].value == "0 of 1 lines"


def test_a_flow_that_asks_nothing_of_lines_does_not_mind_the_refund() -> None:
    plain = a_flow(*STEPS)
    none_left = facts(picture(refunds=(refund((MUG, 1), at=T0),)))
    assert advance(plain, begun(plain).journey, event(LinesRefunded), none_left, T0).journey.wake_at == DUE


def test_entering_is_asked_once() -> None:
    """What else changes about the customer later is the guards' business."""
    now_a_gift = facts(picture(order(is_gift=True)))
    assert rung(FLOW, begun().journey, now_a_gift).messages


def test_switched_off_a_journey_moves_on_for_that_may_be_taken_back() -> None:
    for setting in (FlowSetting(False, DUE), FlowSetting()):
        decision = rung(FLOW, begun().journey, facts(setting=setting))
        assert [message.step for message in decision.messages] == ["ask"]
        assert not decision.cancel_open


def test_an_uninstalled_shop_ends_its_journeys() -> None:
    gone = facts(shop=replace(SHOP, active=False))
    decision = rung(FLOW, begun().journey, gone)
    assert (decision.journey.end_reason, decision.cancel_open) == ("shop_inactive", True)


def test_after_the_last_step_an_exit_still_stops_open_mails() -> None:
    flow = a_flow(ASK, exit_on=(OrderCancelled,))
    done = begun(flow).journey
    decision = advance(flow, done, event(OrderCancelled), facts(CANCELLED), T0)
    assert decision.journey.status is JourneyStatus.DONE
    assert decision.journey.end_reason == "OrderCancelled"
    assert decision.cancel_open
    again = advance(flow, decision.journey, event(OrderCancelled), facts(CANCELLED), T0)
    assert not again.cancel_open
    assert advance(flow, done, event(LinkClicked), facts(), T0).journey == done
    assert advance(flow, done, None, facts(CANCELLED), T0).journey == done


def test_an_ended_journey_stays_ended() -> None:
    ended = advance(FLOW, begun().journey, event(OrderRefunded), facts(), T0).journey
    for signal in (event(ReviewSubmitted), event(OrderCancelled), None):
        decision = advance(FLOW, ended, signal, facts(), DUE)
        assert decision.journey == ended
        assert decision.messages == ()


# Lateness.


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


# Steps.


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


# Versions.


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
