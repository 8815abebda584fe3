"""What waits for a worker right now, in one statement, and what is due within the next minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """`timers`: journeys go on, or orders are looked at again."""

    inbox: bool
    timers: bool
    messages: bool
    wishes: bool
    polls: bool
    writes: bool
    privacy: bool
    lapsed: bool
    switches: bool
    retimes: bool
    in_hand: bool


def whats_waiting(session: Session, now: datetime, real: datetime) -> Waiting:
    """`now` is business time, `real` is for leases and pauses. Each part reads one index entry."""
    row = session.execute(_WAITING, {"now": now, "real": real}).one()
    return Waiting(**row._mapping)


def next_moments(session: Session, now: datetime, until: datetime, limit: int = 600) -> list[datetime]:
    """The seconds within which something falls due, soonest first."""
    rows = session.execute(_MOMENTS, {"now": now, "until": until, "limit": limit})
    return [row.moment for row in rows]


def feedback_waits(session: Session) -> bool:
    """Whether something was told of mails that nobody has acted on yet."""
    return bool(session.execute(_FEEDBACK).scalar())


def next_due(session: Session) -> datetime | None:
    """The earliest instant at which anything falls due."""
    moment: datetime | None = session.execute(_NEXT).scalar()
    return moment


_WAITING = text("""
SELECT
    EXISTS (SELECT FROM inbox WHERE state = 'new' AND next_at <= :real) AS inbox,
    coalesce(least((SELECT min(due_at) FROM timers), (SELECT min(due_at) FROM watches)) <= :now, false)
        AS timers,
    coalesce((SELECT min(next_at) FROM messages WHERE state = 'due') <= :now, false) AS messages,
    coalesce((SELECT min(next_at) FROM wishes WHERE state = 'open') <= :real, false) AS wishes,
    coalesce((SELECT min(next_at) FROM polls) <= :real, false) AS polls,
    coalesce((SELECT min(next_at) FROM store_writes WHERE state = 'open') <= :real, false) AS writes,
    coalesce((SELECT min(next_at) FROM privacy_requests WHERE done_at IS NULL) <= :real, false) AS privacy,
    coalesce((SELECT min(lease_until) FROM messages WHERE state IN ('claimed', 'sending')) < :real, false)
        AS lapsed,
    coalesce((SELECT min(ends_at) FROM flow_switches WHERE ends_at IS NOT NULL) <= :now, false) AS switches,
    EXISTS (SELECT FROM flow_switches WHERE retime_after IS NOT NULL) AS retimes,
    EXISTS (SELECT FROM messages WHERE state IN ('claimed', 'sending')) AS in_hand
""")

_MOMENTS = text("""
SELECT DISTINCT date_trunc('second', due) + interval '1 second' AS moment FROM (
    (SELECT due_at AS due FROM timers WHERE due_at > :now AND due_at <= :until ORDER BY due_at LIMIT :limit)
    UNION ALL
    (SELECT due_at FROM watches WHERE due_at > :now AND due_at <= :until ORDER BY due_at LIMIT :limit)
    UNION ALL
    (SELECT next_at FROM messages WHERE state = 'due' AND next_at > :now AND next_at <= :until
     ORDER BY next_at LIMIT :limit)
) soon ORDER BY moment LIMIT :limit
""")

_FEEDBACK = text(
    "SELECT EXISTS (SELECT FROM feedback WHERE applied_at IS NULL) OR EXISTS (SELECT FROM early_feedback)"
)

_NEXT = text("""
SELECT least(
    (SELECT min(due_at) FROM timers),
    (SELECT min(due_at) FROM watches),
    (SELECT min(next_at) FROM messages WHERE state = 'due'),
    (SELECT min(ends_at) FROM flow_switches WHERE ends_at IS NOT NULL)
)
""")
