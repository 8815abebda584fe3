"""Who begins a journey, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.commerce import OrderState
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
from flows.facts import Facts, FlowSetting
from flows.journey import JourneyState, JourneyStatus, PlannedMessage
from tests.flows.a_journey import (
    ASK,
    CANCELLED,
    DAY,
    DUE,
    FLOW,
    NUDGE,
    STEPS,
    begun,
    event,
    rules,
    rung,
)
from tests.flows.pictures import BEANS, MUG, SHOP, T0, facts, order, picture, refund
from tests.flows.test_flow import flow as a_flow


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
