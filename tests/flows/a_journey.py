"""The flow and the facts that the engine is tested with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flows.commerce import OrderState
from flows.conditions import has_reviewable_line, is_gift
from flows.delays import days, local_time
from flows.engine import advance, start
from flows.events import (
    Event,
    EventKind,
    OrderCancelled,
    OrderDelivered,
    OrderRefunded,
    ReviewSubmitted,
    Unsubscribed,
)
from flows.facts import Facts, Reason
from flows.flow import Flow
from flows.journey import Decision, JourneyState
from flows.steps import Send, Step, Wait
from tests.flows.pictures import T0, facts, order, picture
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
