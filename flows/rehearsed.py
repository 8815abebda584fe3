"""What a rehearsal goes by, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.copies import with_changes
from flows.events import Event, EventKind
from flows.facts import Facts, FlowSetting, MailClass
from flows.flow import Flow
from flows.journey import JourneyState
from flows.limits import USUAL, Limits
from flows.questions.service import VIP_FLOW
from flows.questions.way import PROGRESS_FLOW
from flows.steps import WaitFor


@dataclass(slots=True)
class Rehearsed:
    """A mail. `state`: due, sent, or why it never left: skipped, expired, cancelled, each with its `reason`.
    `put_off`: the reasons for which it had to wait, one for each time. `code`: it gives a code."""

    order_id: str
    flow: str
    step: str
    mail_class: MailClass
    due_at: datetime
    expires_at: datetime
    code: bool
    journey: int
    next_at: datetime
    state: str = "due"
    reason: str = ""
    sent_at: datetime | None = None
    postponed_at: datetime | None = None
    put_off: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Underway:
    """A journey. `past`, `mails`: places of its order and its mails."""

    flow: Flow
    past: int
    event_key: str
    parcel_id: str | None
    state: JourneyState
    mails: list[int] = field(default_factory=list)

    def concerned_by(self, event: Event) -> bool:
        """Whether it could change anything: the others are spared the question."""
        if event.parcel_id and self.parcel_id and event.parcel_id != self.parcel_id:
            return False
        flow = self.flow
        if event.kind in flow.ends_on or (flow.on_lines and event.kind is EventKind.LINES_REFUNDED):
            return True
        node = flow.nodes.get(self.state.step or "")
        return node is not None and isinstance(node.step, WaitFor) and node.step.event is event.kind


@dataclass(frozen=True, slots=True)
class Rules:
    """What the shop has set. `settings`: of every flow that is rehearsed. `worth`: its own numbers."""

    flows: Sequence[Flow]
    settings: Mapping[str, FlowSetting]
    limits: Limits = USUAL
    worth: Mapping[str, int] = field(default_factory=dict)
    started_by: Mapping[EventKind, Sequence[Flow]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        started_by = {kind: [flow for flow in self.flows if kind in flow.triggers] for kind in EventKind}
        object.__setattr__(self, "started_by", started_by)

    def set_in(self, facts: Facts) -> Facts:
        """With flows that others look at set as they are rehearsed."""
        vip = self.settings.get(VIP_FLOW, facts.vip)
        return with_changes(facts, vip=vip, progress=self.settings.get(PROGRESS_FLOW, facts.progress))


@dataclass(slots=True)
class Rehearsal:
    """`declined`: by flow, the reasons for which it was not entered."""

    mails: list[Rehearsed]
    declined: list[tuple[str, str]]
