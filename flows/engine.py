"""Where a journey goes next. Pure: the same flow, state, signal, facts and instant give the same answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.conditions import first_failing, flow_was_on, placed_after_connect, shop_is_active
from flows.copies import with_changes
from flows.events import WHILE_IT_IS, Event
from flows.experiments import HELD_OUT, drawn, holdout
from flows.facts import Facts, Reason
from flows.flow import Flow
from flows.guards import flow_is_on, has_come, no_sign_of, stopped_by
from flows.journey import Decision, JourneyState, JourneyStatus
from flows.missing import NOT_THERE
from flows.questions.rule import leaf
from flows.retiming import aims_at_a_moment, retimed
from flows.steps import WaitFor
from flows.versions import resumed
from flows.walk import DONE, walk

TAKEN_BACK = "taken_back"
OUTSIDE = "outside_group"
"""The merchant narrowed the flow to a group, and they are not in it."""


def start(flow: Flow, event: Event, facts: Facts, now: datetime, *, asked: bool = False) -> Decision:
    """Enters the flow or declines. `facts.happened` includes `event`. `asked`: see `entry_rules`. Raises
    ValueError for an event that does not trigger the flow."""
    if event.kind not in flow.triggers:
        raise ValueError(f"{event.kind} does not start {flow.key}")
    if facts.began is not event.kind:
        facts = with_changes(facts, began=event.kind, event_key=event.key)
    refusal, reasons = entry_rules(flow, event, facts, now, asked=asked)
    anchor = min(event.happened_at, now)
    if refusal is None:
        return walk(flow, flow.first, anchor, facts, now, reasons, drawn(flow, facts))
    declined = JourneyState(flow.key, flow.version, JourneyStatus.DECLINED, anchor, end_reason=refusal)
    return Decision(declined, reasons=reasons)


def advance(flow: Flow, journey: JourneyState, signal: Event | None, facts: Facts, now: datetime) -> Decision:
    """The journey's answer to something that happened or, with signal None, to its timer.

    What does not concern it leaves it as it is. One that is DONE stays so, but may still hear that its
    last mails must not leave: then `end_reason` becomes that reason, with `cancel_open`. A flow that is
    switched off moves on, because that may be taken back: the guards hold its mails.
    """
    finished = journey.status is JourneyStatus.DONE and journey.end_reason == DONE and signal is not None
    if journey.status is not JourneyStatus.ACTIVE and not finished:
        return Decision(journey, reasons=(Reason("is_active", False, journey.status.value, "active"),))
    ending = _ending(flow, signal, facts, now)
    if ending is not None:
        name, reason = ending
        status = JourneyStatus.DONE if finished else JourneyStatus.ENDED
        return Decision(_closed(flow, journey, status, name), (), True, (reason,))
    if finished:
        return Decision(journey, reasons=(Reason("is_active", False, journey.status.value, "active"),))
    if signal is None:
        return _rung(flow, journey, facts, now)
    return _heard(flow, journey, signal, facts, now)


def unfounded(flow: Flow, journey: JourneyState, began: str) -> Decision:
    """The end of a journey, and of its last mails, whose beginning we had inferred and that was wrong."""
    return _undone(flow, journey, NOT_THERE, leaf("is_certain", False, "inferred", f"{began} told"))


def taken_back(flow: Flow, journey: JourneyState, began: str) -> Decision:
    """The end of a journey, and of its last mails, whose beginning the store has taken back."""
    return _undone(flow, journey, TAKEN_BACK, leaf("has_happened", False, "taken back", began))


def _undone(flow: Flow, journey: JourneyState, name: str, reason: Reason) -> Decision:
    finished = journey.status is JourneyStatus.DONE
    status = JourneyStatus.DONE if finished else JourneyStatus.ENDED
    return Decision(_closed(flow, journey, status, name), (), True, (reason,))


def entry_rules(
    flow: Flow, event: Event, facts: Facts, now: datetime, *, asked: bool = False
) -> tuple[str | None, tuple[Reason, ...]]:
    """Every rule of entering, and the permanent name of the first that says no. `asked`: the shop asked
    for earlier orders too, so neither their age nor when the flow went on speaks against them."""
    checks = [("shop_inactive", shop_is_active.check(facts, now))]
    if asked:
        earlier = placed_after_connect.check(facts, now)
        checks.append(("placed_before_connect", Reason("asked_for", True, earlier.value, "asked for")))
        checks.append(("flow_off", flow_is_on(facts)))
    else:
        checks.append(("placed_before_connect", placed_after_connect.check(facts, now)))
        checks.append(("flow_off", flow_was_on.check(facts, event.happened_at)))
    for kind in flow.ends_on:
        checks.append((kind.value, no_sign_of(kind, has_come(kind, facts))))
    if flow.enter_if is not None:
        entering = flow.enter_if.check(facts, now)
        checks.append((first_failing(entering), entering))
    if facts.setting.only_for is not None:
        checks.append((OUTSIDE, facts.setting.only_for.check(facts, now)))
    draw = holdout(flow.key, flow.mail_class, facts)
    if draw is not None:
        checks.append((HELD_OUT, draw))
    refusal = next((name for name, reason in checks if not reason.passed), None)
    return refusal, tuple(reason for _, reason in checks)


def _ending(flow: Flow, signal: Event | None, facts: Facts, now: datetime) -> tuple[str, Reason] | None:
    """Why the journey is over by now. A partial refund ends it only when it leaves no line to talk of."""
    kind = stopped_by(flow, facts)
    if signal is not None and signal.kind in flow.ends_on and _is_own(signal, facts):
        # Of what may be taken back the order itself has the last word.
        kind = signal.kind if signal.kind not in WHILE_IT_IS or has_come(signal.kind, facts) else kind
    if kind is not None:
        return kind.value, no_sign_of(kind, True)
    if not facts.shop.active:
        return "shop_inactive", shop_is_active.check(facts, now)
    if flow.on_lines is not None:
        lines = flow.on_lines.check(facts, now)
        if not lines.passed:
            return first_failing(lines), lines
    return None


def _is_own(signal: Event, facts: Facts) -> bool:
    """What becomes of one parcel ends no journey of the whole order: its facts do not hold it either."""
    return signal.parcel_id in (None, facts.parcel_id)


def _rung(flow: Flow, journey: JourneyState, facts: Facts, now: datetime) -> Decision:
    wake_at = journey.wake_at
    if wake_at is None or now < wake_at:
        wanted = "no timer" if wake_at is None else _at(wake_at)
        return Decision(journey, reasons=(Reason("timer_is_due", False, _at(now), wanted),))
    node = flow.nodes.get(journey.step or "")
    if node is not None and aims_at_a_moment(node.step):
        later = retimed(flow, journey, facts, now)
        if later.wake_at is not None and later.wake_at > wake_at:
            moved = Reason(
                "moment_moved", True, f"{journey.step} until {_at(later.wake_at)}", f"was {_at(wake_at)}"
            )
            return Decision(later, reasons=(moved,))
    return _onward(flow, journey, wake_at, facts, now, Reason("timer_is_due", True, _at(now), _at(wake_at)))


def _heard(flow: Flow, journey: JourneyState, signal: Event, facts: Facts, now: datetime) -> Decision:
    node = flow.nodes.get(journey.step or "")
    step = node.step if node else None
    awaited = isinstance(step, WaitFor) and step.event is signal.kind
    own = facts.parcel_id is None or _is_own(signal, facts)
    reason = Reason("waits_for_it", awaited and own, signal.kind.value, journey.step or "")
    if not reason.passed:
        return Decision(journey, reasons=(reason,))
    came = max(journey.anchor, min(signal.happened_at, now))
    return _onward(flow, journey, came, facts, now, reason)


def _onward(
    flow: Flow, journey: JourneyState, instant: datetime, facts: Facts, now: datetime, reason: Reason
) -> Decision:
    """From the step that the journey waited in, by the newest definition."""
    known, node = resumed(flow, journey.step or "")
    if known:
        return walk(flow, node, instant, facts, now, (reason,), journey.variants)
    lost = Reason("step_exists", False, journey.step or "", "a step of the flow")
    return Decision(_closed(flow, journey, JourneyStatus.ENDED, "step_removed"), reasons=(reason, lost))


def _closed(flow: Flow, journey: JourneyState, status: JourneyStatus, name: str) -> JourneyState:
    return replace(
        journey, flow_version=flow.version, status=status, step=None, wake_at=None, end_reason=name
    )


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
