"""Passing the steps of a flow until one waits.

Instants are those that were planned, never those of the processing: a wait counts from the instant at
which the step before it was due, so lateness does not add up. One exception: where a mail is planned so
late that less than half of the wait behind it is left, that wait counts from today, at the same time of
day, or two mails of one journey would leave almost together.

A message is known by its journey, step and occurrence. No step is passed twice, so the occurrence is
always 1, and a step that an edit moved behind the journey's place plans a message that exists already.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flows.delays import LocalTime, Timing
from flows.facts import Facts, Reason
from flows.flow import Flow
from flows.guards import has_come
from flows.journey import Decision, JourneyState, JourneyStatus, PlannedMessage
from flows.steps import Node, Send, Split, Wait
from flows.timing import Due, due_after
from flows.variants import Drawn
from flows.wallclock import instant_of, wall_of, zone_named

DONE = "done"


def walk(
    flow: Flow,
    node: Node | None,
    instant: datetime,
    facts: Facts,
    now: datetime,
    reasons: tuple[Reason, ...],
    variants: Drawn = (),
) -> Decision:
    """From `node` on, everything due at `instant`. `reasons` are those that led here, `variants` what the
    journey drew."""
    why = list(reasons)
    messages: list[PlannedMessage] = []
    while node is not None:
        step = node.step
        if step.when is not None:
            asked = step.when.check(facts, now)
            why.append(Reason("step_applies", asked.passed, step.key, "its condition", (asked,)))
            if not asked.passed:
                node = node.then
                continue
        if isinstance(step, Send):
            messages.append(_planned(step, instant, variants))
            why.append(Reason("sends", True, step.key, f"due {_at(instant)}"))
            node = node.then
        elif isinstance(step, Split):
            node = _taken(node, facts, now, why)
        elif not isinstance(step, Wait) and has_come(step.event, facts):
            why.append(Reason("has_happened", True, step.event.value, step.event.value))
            instant = max(instant, min(facts.happened.get(step.event, instant), now))
            node = node.then
        else:
            timing, at = (step.timing, step.at) if isinstance(step, Wait) else (step.timeout, None)
            knobs = flow.knob_values(facts.setting.knobs)
            anchor, due = _wait(timing, at, instant, facts, now, knobs, after_mail=bool(messages))
            why.append(Reason("waits", True, f"{step.key} until {_at(due.at)}", due.why))
            state = JourneyState(
                flow.key, flow.version, JourneyStatus.ACTIVE, anchor, step.key, due.at, variants=variants
            )
            return Decision(state, tuple(messages), False, tuple(why))
    over = JourneyState(
        flow.key, flow.version, JourneyStatus.DONE, instant, end_reason=DONE, variants=variants
    )
    return Decision(over, tuple(messages), False, tuple(why))


def _planned(step: Send, instant: datetime, variants: Drawn) -> PlannedMessage:
    expires_at = instant + timedelta(hours=step.late_hours)
    if not variants:
        return PlannedMessage(step.key, step.template, instant, expires_at)
    variant = dict(variants).get(step.key)
    return PlannedMessage(step.key, step.template_of(variant), instant, expires_at, variant=variant)


def _taken(node: Node, facts: Facts, now: datetime, why: list[Reason]) -> Node | None:
    """Into the first branch that holds, or past the split."""
    for place, (when, onward) in enumerate(node.branches, start=1):
        asked = None if when is None else when.check(facts, now)
        passed = asked is None or asked.passed
        parts = () if asked is None else (asked,)
        why.append(Reason("takes_branch", passed, f"{node.step.key}: branch {place}", "", parts))
        if passed:
            return onward
    return node.then


def _wait(
    timing: Timing,
    at: LocalTime | None,
    instant: datetime,
    facts: Facts,
    now: datetime,
    knobs: Mapping[str, int],
    *,
    after_mail: bool,
) -> tuple[datetime, Due]:
    """What the wait counts from, and its end."""
    due = due_after(timing, at, instant, facts, knobs)
    if not after_mail or due.at - now >= (due.at - instant) / 2:
        return instant, due
    zone = zone_named(facts.zone)
    today = instant_of(datetime.combine(wall_of(now, zone).date(), wall_of(instant, zone).time()), zone)
    due = due_after(timing, at, today, facts, knobs)
    return (today, due) if due.at > now else (now, due_after(timing, at, now, facts, knobs))


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
