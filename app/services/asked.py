"""Which rules were asked about a mail or a journey, with what they found.

What was recorded counts. Where only the answer was kept (a journey that moved on, a mail that was
withdrawn, an event that no flow was allowed to hear), the other rules are asked once more, on the facts
of today, around the answer that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from app.services.kept_reasons import recorded
from app.words.reasons import why
from flows import engine
from flows.conditions import placed_after_connect
from flows.counterfactual import fact_of, leaves_of
from flows.events import Event, EventKind
from flows.facts import Facts, Reason
from flows.flow import Flow
from flows.guards import rule_on
from flows.steps import Send, steps_within

SO_WHEN_IT_BEGAN = "so when it began"
_SOON = timedelta(days=1)
# What only a planned mail can be asked.
_OF_A_MAIL = {"step_exists", "not_expired", "due"}
# Recorded in this order, before whatever a journey did next.
_ENTRY_BEGINS = (
    ("shop_is_active", "placed_after_connect", "flow_was_on"),
    ("shop_is_active", "asked_for", "flow_is_on"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`entry`: who the flow takes. `limits`: the last look before a mail leaves. Each `again`: asked anew
    for this answer, around what is known."""

    entry: tuple[Reason, ...] = ()
    limits: tuple[Reason, ...] = ()
    entry_again: bool = False
    limits_again: bool = False

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (*self.entry, *self.limits)


def asked_about_mail(
    flow: Flow | None,
    message: Row[Any],
    journey: Row[Any],
    event: Event | None,
    facts: Facts | None,
    now: datetime,
) -> Asked:
    """`flow` and `facts` are None where they are not known any more: then what was recorded is all."""
    entry = asked_at_entry(flow, journey, event, facts, now)
    kept = recorded(message.reasons)
    ruled = any(reason.rule == "due" for reason in kept)
    if message.state in ("due", "claimed") and not message.reason:
        at = max(now, message.due_at)
        limits = _rules(flow, message.step, at, facts)
        return replace(entry, limits=limits, limits_again=True)
    if message.state == "cancelled" or not ruled:
        at = min(max(now, message.due_at), message.expires_at)
        told = _ending_of(journey, message.reason)
        rules = _rules(flow, message.step, at, _before(message.reason, facts))
        return replace(entry, limits=_around(told, rules), limits_again=True)
    return replace(entry, limits=kept)


def asked_about_journey(
    flow: Flow | None, journey: Row[Any], event: Event | None, facts: Facts | None, now: datetime
) -> Asked:
    """Of a journey that no mail tells about: declined, ended before one, or still waiting for one."""
    entry = asked_at_entry(flow, journey, event, facts, now)
    if journey.status == "declined":
        return entry
    rules = _rules(flow, _first_mail(flow), now, _before(journey.end_reason, facts))
    if journey.status == "ended":
        rules = _around(_ending_of(journey, journey.end_reason), rules)
    limits = tuple(rule for rule in rules if rule.rule not in _OF_A_MAIL)
    return replace(entry, limits=limits, limits_again=True)


def asked_at_entry(
    flow: Flow | None, journey: Row[Any], event: Event | None, facts: Facts | None, now: datetime
) -> Asked:
    """The rules of entering as they were recorded; of a journey that began, and whose later reasons took
    their place, as they hold today: that each of them passed then is certain."""
    kept = recorded(journey.reasons)
    if tuple(reason.rule for reason in kept[:3]) in _ENTRY_BEGINS:
        count = len(kept) if flow is None else 3 + len(flow.ends_on) + (flow.enter_if is not None)
        return Asked(entry=kept[:count])
    if flow is None or event is None or facts is None:
        return Asked(entry_again=True)
    # An order of before the connection began because the shop asked for it; nothing else lets it.
    asked = not placed_after_connect.check(facts, now).passed
    _, rules = engine.entry_rules(flow, event, facts, journey.started_at, asked=asked)
    return Asked(entry=tuple(_passed(rule) for rule in rules), entry_again=True)


def asked_about_event(flow: Flow, event: Event, refusal: str | None, facts: Facts, now: datetime) -> Asked:
    """An event that started nothing because the shop's own rules came first: `refusal`, or None for one
    that did not come at all."""
    _, rules = engine.entry_rules(flow, event, facts, now)
    if refusal is None:
        missing = Reason("has_happened", False, "never", event.kind.value)
        return Asked(entry=(missing, *rules), entry_again=True)
    told = why(refusal).leaf
    if refusal == "flow_off":
        told = Reason("flow_was_on", False, "off", "on when it happened")
    return Asked(entry=rules if told is None else _around(told, rules), entry_again=True)


def event_of(row: Row[Any] | None) -> Event | None:
    if row is None:
        return None
    return Event(EventKind(row.kind), row.key, row.subject, row.order_id, row.happened_at, row.parcel_id)


def _rules(flow: Flow | None, step: str | None, at: datetime, facts: Facts | None) -> tuple[Reason, ...]:
    """What the last look would say at `at`, today."""
    if flow is None or facts is None or step is None:
        return ()
    return rule_on(flow, step, at, at + _SOON, facts, at).reasons


def _before(name: str | None, facts: Facts | None) -> Facts | None:
    """The removal of a shop takes its switches with it: that a flow is off since then follows from it."""
    if facts is None or name not in ("uninstalled", "old_generation"):
        return facts
    return replace(facts, setting=replace(facts.setting, enabled=True))


def _first_mail(flow: Flow | None) -> str | None:
    steps = steps_within(flow.steps) if flow else ()
    return next((step.key for step in steps if isinstance(step, Send)), None)


def _ending_of(journey: Row[Any], name: str | None) -> Reason | None:
    """The rule that ended it: as recorded by the journey, or else the one that the name stands for."""
    kept = recorded(journey.reasons)
    if name and journey.end_reason == name and len(kept) == 1 and not kept[0].passed:
        return kept[0]
    return why(name).leaf if name else None


def _around(told: Reason | None, rules: Sequence[Reason]) -> tuple[Reason, ...]:
    """The rules with the known answer in its place."""
    if told is None:
        return tuple(rules)
    facts = {fact_of(leaf) for leaf in leaves_of(told)}
    placed = [rule for rule in rules if any(fact_of(leaf) in facts for leaf in leaves_of(rule))]
    if any(not rule.passed for rule in placed):
        return tuple(rules)
    if not placed:
        return (told, *rules)
    return tuple(told if rule is placed[0] else rule for rule in rules)


def _passed(rule: Reason) -> Reason:
    """As it must have been; its value only where it says the same today."""
    value = rule.value if rule.passed or rule.parts else SO_WHEN_IT_BEGAN
    parts = rule.parts if rule.rule == "any" else tuple(_passed(part) for part in rule.parts)
    return replace(rule, passed=True, value=value, parts=parts)
