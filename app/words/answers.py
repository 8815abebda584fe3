"""The answer to "why was this mail sent, or why not", in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.words.clauses import changes_in_words, happened, if_otherwise
from app.words.events_said import EVENTS_SAID
from app.words.moments import moment
from app.words.reasons import Kind, why
from flows.counterfactual import Change, Counterfactual
from flows.events import EventKind


class Outcome(StrEnum):
    SENT = "sent"
    WAITING = "waiting"
    NOT_SENT = "not_sent"
    FAILED = "failed"
    DOUBT = "doubt"
    NOT_STARTED = "not_started"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Answer:
    """`because` is what matters and stands out; `before` and `after` frame it. `changed`: what would have
    turned the outcome, "" where nothing is to be said. `stops`: of a mail that went, each clause that
    alone would have kept it back."""

    before: str
    because: str
    after: str
    changed: str = ""
    stops: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return f"{self.before}{self.because}{self.after}"


def answer(
    outcome: Outcome,
    reason: str | None,
    change: Counterfactual,
    *,
    zone: str,
    at: datetime | None = None,
    trigger: EventKind | None = None,
    over: bool = False,
    went: tuple[int, int] = (0, 0),
) -> Answer:
    """`at`: when it was sent, or will be looked at. `trigger`: what started the flow, or would have.
    `over`: its journey has ended, so that a change now comes too late. `went`: of a journey that is done,
    how many of its mails were sent, and how many there were."""
    stated = why(reason).because if reason else ""
    match outcome:
        case Outcome.SENT:
            began = happened(trigger) if trigger else "it was due"
            return Answer("Sent, because ", began, " and every rule allowed it.", "", _stops(change))
        case Outcome.WAITING:
            return _waiting(reason, stated, change, zone, at)
        case Outcome.NOT_SENT:
            return Answer(
                "Not sent, because ", stated, f".{_others(change)}", _would_have("gone out", change, over)
            )
        case Outcome.NOT_STARTED:
            return _not_started(reason, stated, change, trigger)
        case Outcome.FAILED:
            return Answer("Not delivered, because ", stated, ". Every rule allowed it.")
        case Outcome.DOUBT:
            return Answer(
                "It is not known whether it arrived, because ",
                stated,
                ". It is not sent again by itself, so that nobody gets it twice.",
            )
        case Outcome.DONE:
            return Answer("Done: ", _went(*went), ".", "", _stops(change))
    raise TypeError(outcome)


def _waiting(
    reason: str | None, stated: str, change: Counterfactual, zone: str, at: datetime | None
) -> Answer:
    until = moment(at, zone) if at else "its time comes"
    if reason is None:
        looks = "Then every rule is asked once more; as things are, they all allow it."
        if not change.passed:
            clauses = changes_in_words(change.alone or change.together, "and")
            looks = f"As things are, it will not go then. It would if {clauses}." if clauses else ""
        return Answer("Waits until ", until, f". {looks}".rstrip())
    if why(reason).kind is Kind.FAILURE:
        return Answer("Tried again on ", until, f", because {stated}.")
    return Answer("Held, because ", stated, f". It is looked at again on {until}.")


def _went(sent: int, planned: int) -> str:
    if not planned:
        return "it had no mail for this order"
    if sent == planned:
        return "its mail was sent" if planned == 1 else f"all its {planned} mails were sent"
    return f"{sent} of its {planned} mails {'was' if sent == 1 else 'were'} sent"


def _not_started(
    reason: str | None, stated: str, change: Counterfactual, trigger: EventKind | None
) -> Answer:
    after = f".{_others(change)}"
    if reason:
        return Answer("Not started, because ", stated, after, _would_have("started", change, False))
    missing = EVENTS_SAID[trigger].has_not if trigger else "nothing that starts it has happened"
    if change.alone:
        return Answer("Not started yet, because ", missing, after, "It starts as soon as that happens.")
    return Answer("Not started yet, because ", missing, after, _would_have("started", change, False))


def _others(change: Counterfactual) -> str:
    """What the other rules said."""
    count = len(change.together) - 1
    if change.alone:
        return " Everything else allowed it."
    if count < 1:
        return ""
    return (
        " One other rule spoke against it too."
        if count == 1
        else f" {count} other rules spoke against it too."
    )


def _would_have(done: str, change: Counterfactual, over: bool) -> str:
    late = " This journey has ended; changing it now does not restart it." if over else ""
    if change.alone:
        return f"It would have {done} if {changes_in_words(change.alone, 'or if')}.{late}"
    if change.together:
        clauses = changes_in_words(change.together, "and")
        return f"No single thing. It would have {done} only if {clauses}.{late}"
    return ""


def _stops(change: Counterfactual) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_clause(one) for one in change.alone))


def _clause(change: Change) -> str:
    return if_otherwise(change.leaves[0])
