"""The ledger against a second record that the receiver kept: nothing doubled, nothing missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from app.db import Session
from app.models.message import SENT, UNKNOWN
from flows.facts import Channel

STUCK_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Audit:
    """`recorded` and what follows from it are None where no second record exists.

    `doubled`: Message-IDs that the receiver took more than once. `missing`: sent by the ledger, not
    in the record. `unexpected`: in the record, but the ledger says it was never handed over.
    `unknown_arrived`: of the unknown ones, those that the record proves. `stuck`: open long after due.
    """

    rows: int
    sent: int
    unknown: int
    stuck: int
    recorded: int | None = None
    doubled: int | None = None
    missing: int | None = None
    unexpected: int | None = None
    unknown_arrived: int | None = None

    def holds(self) -> bool:
        return not (self.stuck or self.doubled or self.missing or self.unexpected)


def audit(session: Session, record: Path | None, now: datetime) -> Audit:
    """Reads the whole ledger, all shops. `record`: JSON lines with `message_id`, or None; it knows nothing of
    what went to a shop's own tool."""
    states: dict[str, str] = {}
    elsewhere: set[str] = set()
    stuck = rows = 0
    for row in session.execute(text("SELECT state, message_id, next_at, channel FROM messages")):
        rows += 1
        if row.message_id:
            states[row.message_id] = row.state
            if row.channel != Channel.EMAIL:
                elsewhere.add(row.message_id)
        stuck += row.state in ("due", "claimed", "sending") and row.next_at + STUCK_AFTER < now
    ledger = Counter(states.values())
    found = Audit(rows, ledger[SENT], ledger[UNKNOWN], stuck)
    if record is None:
        return found
    mailed = {key: state for key, state in states.items() if key not in elsewhere}
    return _compare(found, mailed, _message_ids(record))


def _compare(found: Audit, states: Mapping[str, str], taken: Iterable[str]) -> Audit:
    counts = Counter(taken)
    handed_over = {SENT, UNKNOWN, "sending"}
    return Audit(
        rows=found.rows,
        sent=found.sent,
        unknown=found.unknown,
        stuck=found.stuck,
        recorded=counts.total(),
        doubled=sum(count > 1 for count in counts.values()),
        missing=sum(state == SENT and counts[key] == 0 for key, state in states.items()),
        unexpected=sum(states.get(key) not in handed_over for key in counts),
        unknown_arrived=sum(state == UNKNOWN and counts[key] > 0 for key, state in states.items()),
    )


def _message_ids(record: Path) -> Iterable[str]:
    if not record.exists():
        return
    with record.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["message_id"]
