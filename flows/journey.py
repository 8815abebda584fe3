"""A customer's run through a flow for one subject: its state, and what a decision asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.facts import Reason
from flows.variants import Drawn


class JourneyStatus(StrEnum):
    """DECLINED: the trigger came but the flow was not entered; kept for its reason."""

    ACTIVE = "active"
    DONE = "done"
    ENDED = "ended"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class JourneyState:
    """Where a journey stands.

    `step` is the key of the step it waits in (None before the first and after the last).
    `anchor` is the instant from which the wait that it is in counts. `end_reason` is a permanent name
    ("done", "OrderRefunded", "flow_off", "not_a_gift", ...). `variants`: what it drew when it began.
    """

    flow_key: str
    flow_version: int
    status: JourneyStatus
    anchor: datetime
    step: str | None = None
    wake_at: datetime | None = None
    end_reason: str | None = None
    variants: Drawn = ()


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """One mail that a decision wants. After `expires_at` it must not leave any more. `variant`: which of
    several wordings it is, None where there is one."""

    step: str
    template: str
    due_at: datetime
    expires_at: datetime
    occurrence: int = 1
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`journey.wake_at` is the next timer (None: no timer). `cancel_open`: open messages of this
    journey are to be cancelled with `journey.end_reason`."""

    journey: JourneyState
    messages: tuple[PlannedMessage, ...] = ()
    cancel_open: bool = False
    reasons: tuple[Reason, ...] = ()


class Verdict(StrEnum):
    ALLOW = "allow"
    DEFER = "defer"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A guard's answer for one mail now. `reason` names the rule that deferred or skipped it;
    "expired" is the skip of a mail whose time has passed."""

    verdict: Verdict
    reason: str | None = None
    until: datetime | None = None
    reasons: tuple[Reason, ...] = ()
