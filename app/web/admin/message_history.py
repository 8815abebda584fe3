"""A person's mails for one order and what happened in between, as one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.services.explain import Explanation
from app.web.admin.message_words import STATES, event_said, mail_title, response_said
from app.words.flows import FLOW_WORDS
from app.words.moments import day, short
from app.words.reasons import why

_DOTS = {"sent": "full", "due": "hollow", "claimed": "hollow", "sending": "hollow"}


@dataclass(frozen=True, slots=True)
class Moment:
    """`dot`: full for a mail that left, event, hollow for one to come, dashed for one that did not go.
    `path`: the page about it, "" for this one and for events."""

    at: datetime
    when: str
    title: str
    note: str
    dot: str
    path: str = ""
    current: bool = False


def history(told: Explanation, zone: str, now: datetime) -> list[Moment]:
    """Oldest first."""
    found = [
        Moment(row.happened_at, short(row.happened_at, zone, now), event_said(row.kind), "", "event")
        for row in told.events
    ]
    clicked = {(row.message_id, row.kind) for row in told.responses}
    for row in told.mails:
        at = row.sent_at or row.due_at
        after = [response_said(kind) for message, kind in sorted(clicked) if message == row.id]
        current = told.message is not None and row.id == told.message.id
        found.append(
            Moment(
                at,
                short(at, zone, now),
                row.subject or mail_title(row.flow_key, row.step),
                ", ".join([_became(row.state, row.reason, row.changed_at, at, zone), *after]),
                _DOTS.get(row.state, "dashed"),
                "" if current else f"/messages/{row.id}",
                current,
            )
        )
    for row in told.journeys:
        if row.status in ("declined", "ended") and row.end_reason and not _has_told(told, row.id):
            current = told.message is None and told.journey is not None and row.id == told.journey.id
            verb = "did not start" if row.status == "declined" else "ended"
            found.append(
                Moment(
                    row.changed_at,
                    short(row.changed_at, zone, now),
                    FLOW_WORDS[row.flow_key].title if row.flow_key in FLOW_WORDS else row.flow_key,
                    f"{verb}, because {why(row.end_reason).because}",
                    "dashed",
                    "" if current else f"/messages/order/{row.order_id}/{row.flow_key}?journey={row.id}",
                    current,
                )
            )
    return sorted(found, key=lambda one: one.at)


def tally(told: Explanation) -> str:
    """5 sent, 1 not sent, 1 withdrawn."""
    counts: dict[str, int] = {}
    for row in told.mails:
        word = STATES[row.state].word.lower()
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _became(state: str, reason: str | None, changed: datetime, at: datetime, zone: str) -> str:
    word = STATES[state].word.lower()
    if state == "sent" or not reason:
        return word
    on = f" on {day(changed, zone)}" if state == "cancelled" and changed.date() != at.date() else ""
    return f"{word}{on}, because {why(reason).because}"


def _has_told(told: Explanation, journey_id: int) -> bool:
    """Whether a mail of the journey says the same already."""
    return any(row.journey_id == journey_id and row.state != "sent" for row in told.mails)
