"""What became of an attempt to send: tried again, given up, or in doubt."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import OperationalError

from app.db import Database
from app.services import ledger
from app.services.ledger import Claimed, Settled
from app.services.throttle import BUSY
from emails.providers.base import Repeats, SendFailed
from flows.facts import Channel, Facts
from flows.flow import Flow
from flows.journey import Ruling, Verdict

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
TRIES_OF_BROKEN = 5
BUSY_FOR = timedelta(seconds=2)
# An answer that cannot be stored because the database restarts is worth waiting for: without it the
# mail would count as unknown.
PAUSES = (0.2, 1.0, 3.0, 5.0)


def ruled_out(row: Claimed, ruling: Ruling) -> Settled:
    if ruling.verdict is Verdict.DEFER:
        return Settled(row.id, row.token, "due", ruling.reason, ruling.until, ruling.reasons)
    state = "expired" if ruling.reason == "expired" else "skipped"
    return Settled(row.id, row.token, state, ruling.reason, None, ruling.reasons)


def missing(facts: Facts | None, flow: Flow | None) -> str:
    if facts is None:
        return "order_not_stored"
    return "flow_unknown" if flow is None else "old_generation"


def not_taken(row: Claimed, failure: SendFailed, now: datetime, again: datetime | None = None) -> Settled:
    """Refused before the hand-over: for good, or to be tried again later, each time later. `again`: when its
    vendor is tried again, where it was the vendor's fault."""
    if failure.permanent:
        return Settled(row.id, row.token, "failed", failure.reason)
    tried = again is None and failure.reason != BUSY
    return Settled(
        row.id, row.token, "due", failure.reason, again or next_try(row, failure, now), tried=tried
    )


def broken(row: Claimed, error: Exception, now: datetime) -> Settled:
    """We ourselves failed at it. A passing trouble heals by itself; what fails five times does not."""
    reason = f"not_written: {type(error).__name__}: {error}"[:500]
    if row.attempts + 1 >= TRIES_OF_BROKEN:
        return Settled(row.id, row.token, "failed", reason, tried=True)
    return Settled(row.id, row.token, "due", reason, retry_at(row.attempts, now), tried=True)


def record_failure(
    database: Database,
    row: Claimed,
    failure: SendFailed,
    now: datetime,
    repeats: Repeats = Repeats.NONE,
    again: datetime | None = None,
) -> None:
    """Refused, or broken off, at or after the mark. Whoever drops what it knows is told again. `again`: as
    above; such a try counts as none."""
    keyed = row.channel == Channel.WEBHOOK or repeats is Repeats.IDEMPOTENT
    if failure.handed_over and (failure.permanent or not keyed):
        record_surely(database, row, "unknown", now, reason=failure.reason)
    elif failure.permanent:
        record_surely(database, row, "failed", now, reason=failure.reason)
    else:
        record_surely(
            database,
            row,
            "due",
            now,
            reason=failure.reason,
            next_at=again or next_try(row, failure, now),
            may_have_left=failure.handed_over,
            untried=again is not None or failure.reason == BUSY,
        )


def record_surely(
    database: Database,
    row: Claimed,
    state: str,
    now: datetime,
    *,
    reason: str | None = None,
    provider_id: str | None = None,
    next_at: datetime | None = None,
    may_have_left: bool = False,
    untried: bool = False,
) -> None:
    """Stores the outcome of a marked row, through a short absence of the database."""
    store = partial(
        ledger.record,
        database,
        row,
        state,
        now,
        reason=reason,
        provider_id=provider_id,
        next_at=next_at,
        may_have_left=may_have_left,
        untried=untried,
    )
    for pause in PAUSES:
        try:
            store()
        except OperationalError:
            time.sleep(pause)
        else:
            return
    store()


def retry_at(attempts: int, now: datetime) -> datetime:
    """When a transient failure is tried again, within the step's own expiry."""
    return now + RETRY_AFTER[min(attempts, len(RETRY_AFTER) - 1)]


def next_try(row: Claimed, failure: SendFailed, now: datetime) -> datetime:
    """Later where the vendor wants to hear nothing for longer; soon where it was only too busy."""
    wish = timedelta(seconds=failure.retry_after)
    if failure.reason == BUSY:
        return now + max(wish, BUSY_FOR)
    return max(retry_at(row.attempts, now), now + wish)
