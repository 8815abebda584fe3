"""An order of before the connection, taken into a flow because the shop asks for it.

Its waits count from when things happened, as ever. One that is over by now ends at the next showing of its
time of day, if its mail may still leave then; so nobody is written to at once, nor too late.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows import engine
from flows.events import Event
from flows.facts import Facts, Reason
from flows.flow import Flow
from flows.guards import rule_on
from flows.journey import Decision, JourneyState, JourneyStatus, Verdict
from flows.retiming import not_in_the_past
from flows.walk import walk

MAY_ASK = frozenset({"review_request"})
"""The flows that make sense for what happened long ago. News of an order do not."""


def begun(flow: Flow, event: Event, facts: Facts, now: datetime) -> Decision | None:
    """The beginning of a journey that will send something. None: a rule of the flow speaks against it, or
    its first mail could not leave (too late, unsubscribed, no address)."""
    decision = engine.start(flow, event, facts, now, asked=True)
    state = decision.journey
    node = flow.nodes.get(state.step or "")
    if state.status is not JourneyStatus.ACTIVE or state.wake_at is None or node is None or decision.messages:
        return None
    moved = not_in_the_past(flow, state, facts, now)
    first = next(iter(walk(flow, node.then, state.wake_at, facts, now, ()).messages), None)
    if first is None or moved.wake_at is None:
        return None
    ruling = rule_on(flow, first.step, first.due_at, first.expires_at, facts, moved.wake_at)
    if ruling.verdict is not Verdict.ALLOW:
        return None
    return replace(decision, journey=moved, reasons=_told(decision.reasons, state, moved))


def _told(reasons: tuple[Reason, ...], before: JourneyState, moved: JourneyState) -> tuple[Reason, ...]:
    """The reason of the wait says when it ends, and what it was that has passed."""
    if moved == before or moved.wake_at is None or before.wake_at is None:
        return reasons
    until = moved.wake_at.isoformat(timespec="seconds")
    passed = before.wake_at.isoformat(timespec="seconds")
    waits = Reason("waits", True, f"{moved.step} until {until}", f"{reasons[-1].wanted}; {passed} had passed")
    return (*reasons[:-1], waits)
