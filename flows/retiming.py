"""A wait that is under way, counted again because a knob was turned.

It counts from the same instant as before, by the rules by which it began. Where its new end lies in the
past it ends at the next showing of that time of day: nobody is written to in the middle of the night
because a merchant turned a knob then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.bought import slowest_kind
from flows.delays import (
    ByProductKind,
    Delay,
    KnobRef,
    Latest,
    LocalTime,
    Moment,
    Timing,
    Unit,
    Until,
    amounts_in,
)
from flows.facts import Facts
from flows.flow import Flow
from flows.journey import JourneyState, JourneyStatus
from flows.moments import moment_of
from flows.steps import Step, Wait, WaitFor
from flows.timing import due_after
from flows.wallclock import wall_of, zone_named

WHAT_PRODUCTS_ARE = "what_products_are"
"""What a wait may depend on besides knobs: what the merchant says of products, how long one lasts."""


def retimed(flow: Flow, journey: JourneyState, facts: Facts, now: datetime) -> JourneyState:
    """The journey with the end of its wait as `facts.setting.knobs` have it now; itself where it does not
    wait, where that end is the same, or where the moment that it waits for is no longer known."""
    node = flow.nodes.get(journey.step or "")
    if node is None or journey.status is not JourneyStatus.ACTIVE or journey.wake_at is None:
        return journey
    step = node.step
    if not isinstance(step, Wait | WaitFor):
        return journey
    timing, at = _timing(step)
    if isinstance(timing, Until) and moment_of(timing.moment, facts, journey.anchor) is None:
        return journey
    due = due_after(timing, at, journey.anchor, facts, flow.knob_values(facts.setting.knobs)).at
    if due == journey.wake_at or (due <= now and journey.wake_at <= now):
        return journey
    return replace(journey, wake_at=due if due > now else _next_showing(timing, due, facts, now))


def not_in_the_past(flow: Flow, journey: JourneyState, facts: Facts, now: datetime) -> JourneyState:
    """The journey with a wait that was over before `now` ending at the next showing of its time of day."""
    node = flow.nodes.get(journey.step or "")
    step = node.step if node is not None else None
    if not isinstance(step, Wait | WaitFor) or journey.wake_at is None or journey.wake_at > now:
        return journey
    return replace(journey, wake_at=_next_showing(_timing(step)[0], journey.wake_at, facts, now))


def knobs_of(step: Step) -> tuple[str, ...]:
    """The knobs that the step's wait depends on, in reading order."""
    if not isinstance(step, Wait | WaitFor):
        return ()
    timing, at = _timing(step)
    amounts = [*amounts_in(timing), *([at.hour] if at is not None else [])]
    return tuple(dict.fromkeys(amount.key for amount in amounts if isinstance(amount, KnobRef)))


def turned_by(step: Step) -> frozenset[str]:
    """All that a merchant may change and that the end of the step's wait depends on."""
    by_kind = any(
        isinstance(part, ByProductKind) or (isinstance(part, Until) and part.moment is Moment.RUN_OUT)
        for part in _parts(step)
    )
    return frozenset({*knobs_of(step), *([WHAT_PRODUCTS_ARE] if by_kind else [])})


def aims_at_a_moment(step: Step) -> bool:
    """The step waits for an instant that may move while somebody waits."""
    return any(isinstance(part, Until) for part in _parts(step))


def _parts(step: Step) -> tuple[Timing, ...]:
    if not isinstance(step, Wait | WaitFor):
        return ()
    timing, _ = _timing(step)
    return timing.of if isinstance(timing, Latest) else (timing,)


def _timing(step: Wait | WaitFor) -> tuple[Timing, LocalTime | None]:
    return (step.timing, step.at) if isinstance(step, Wait) else (step.timeout, None)


def _next_showing(timing: Timing, due: datetime, facts: Facts, now: datetime) -> datetime:
    """The next instant at which the wall shows what it showed at `due`; on a working day for waits that
    count those."""
    delay = timing.of(slowest_kind(facts)) if isinstance(timing, ByProductKind) else timing
    working = isinstance(delay, Delay) and delay.unit is Unit.BUSINESS_DAYS
    unit = Unit.BUSINESS_DAYS if working else Unit.DAYS
    wall = wall_of(due, zone_named(facts.zone))
    return due_after(Delay(unit, 0), LocalTime(wall.hour, wall.minute), now, facts, {}).at
