"""What should have arrived, from the driver's truth alone, against what the receiver recorded.

Knows nothing of the app but its contract: the names of flows and steps, when each is due, what stops
it, and the table of the send ledger, which is compared with the receiver's record.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

DELIVERY, ARRIVAL, ASK, NUDGE, LAST = range(1, 6)
REVIEW = {"ask": ASK, "nudge": NUDGE, "last": LAST}

Key = tuple[str, str, str]


@dataclass
class Verdict:
    """Counts. `after_stop`: mails that left although a refund, a cancellation or an unsubscription was
    known. `mismatched`: where ledger and receiver tell different stories. `findings` names examples."""

    mails: int = 0
    duplicates: int = 0
    lost: int = 0
    unexpected: int = 0
    after_stop: int = 0
    mismatched: int = 0
    unknown: int = 0
    unknown_accepted: int = 0
    stuck: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        bad = self.duplicates + self.lost + self.unexpected + self.after_stop + self.mismatched + self.stuck
        return bad == 0


@dataclass
class Want:
    """`due`: the phase in which it is due; `stop`: the phase from which on it must not leave."""

    count: int
    due: int
    stop: int | None


@dataclass(frozen=True)
class Arrived:
    key: Key
    row: str
    shop: str
    phase: int


def judge(truth: Path, record: Path, dsn: str, now: datetime, until: int) -> Verdict:
    """`until`: the last phase that was run; `now`: virtual time, for what should have left by then."""
    lines = [json.loads(line) for line in truth.read_text().splitlines()]
    starts = [
        (datetime.fromisoformat(line["at"]), line["phase"]) for line in lines if line["what"] == "phase"
    ]
    shops = {line["email"]: line["shop"] for line in lines if "email" in line}
    wanted = _wanted(lines)
    arrived = _arrived(record, starts)
    with psycopg.connect(dsn) as connection:
        ledger = connection.execute("select id, state, recipient, flow_key, step from messages").fetchall()
        stuck = _stuck(connection, now)
    verdict = Verdict(mails=len(arrived))
    _judge_mails(verdict, wanted, arrived, shops)
    _judge_missing(verdict, wanted, arrived, ledger, until)
    _judge_ledger(verdict, arrived, ledger)
    for what, count in stuck.items():
        _find(verdict, "stuck", f"{count} left in {what}", count)
    return verdict


def _wanted(lines: list[dict[str, Any]]) -> dict[Key, Want]:
    by_life: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        if "email" in line:
            by_life[line["email"]].append(line)
    return {
        (email, flow, step): want
        for email, happened in by_life.items()
        for (flow, step), want in _wanted_of(happened).items()
    }


def _wanted_of(happened: list[dict[str, Any]]) -> dict[tuple[str, str], Want]:
    if any(line.get("old") for line in happened):
        return {}
    over = [line["phase"] for line in happened if line["what"] == "cancel" or line.get("full")]
    out = [line["phase"] for line in happened if line["what"] == "unsubscribe"]
    stop = min(over, default=None)
    quiet = min(over + out, default=None)
    counts = Counter(line["what"] for line in happened)
    found = {("order_confirmation", "confirmation"): Want(1, DELIVERY, stop), **_news_of_loss(happened)}
    if counts["ship"]:
        found["shipped", "parcel"] = Want(counts["ship"], DELIVERY, stop)
        if not counts["deliver"]:
            # Days after it left nobody has said that it is there.
            found["arrival_check", "asked"] = Want(1, ASK, stop)
    if counts["deliver"] and counts["deliver"] == happened[0]["parcels"]:
        found["delivered", "arrived"] = Want(1, ARRIVAL, stop)
        found |= {("review_request", step): Want(1, due, quiet) for step, due in REVIEW.items()}
    return found


def _news_of_loss(happened: list[dict[str, Any]]) -> dict[tuple[str, str], Want]:
    """What nothing stops: each refund, and a cancellation."""
    refunds = [line["phase"] for line in happened if line["what"] == "refund"]
    cancelled = [line["phase"] for line in happened if line["what"] == "cancel"]
    found = {}
    if refunds:
        found["cancel_refund_exchange", "refunded"] = Want(len(refunds), min(refunds), None)
    if cancelled:
        found["cancel_refund_exchange", "cancelled"] = Want(1, min(cancelled), None)
    return found


def _arrived(record: Path, starts: list[tuple[datetime, int]]) -> list[Arrived]:
    found = []
    for line in record.read_text().splitlines():
        mail = json.loads(line)
        at = datetime.fromisoformat(mail["accepted_at"])
        phase = max((phase for start, phase in starts if start <= at), default=DELIVERY)
        found.append(Arrived((mail["to"], mail["flow"], mail["step"]), mail["row"], mail["shop"], phase))
    return found


def _judge_mails(
    verdict: Verdict, wanted: dict[Key, Want], arrived: list[Arrived], shops: dict[str, str]
) -> None:
    seen: Counter[Key] = Counter()
    rows: set[str] = set()
    for mail in arrived:
        want = wanted.get(mail.key)
        if want is None:
            _find(verdict, "unexpected", f"{mail.key} was never wanted")
            continue
        seen[mail.key] += 1
        if mail.row in rows or seen[mail.key] > want.count:
            _find(verdict, "duplicates", f"{mail.key} came {seen[mail.key]} times, wanted {want.count}")
        elif want.stop is not None and mail.phase > want.stop:
            _find(verdict, "after_stop", f"{mail.key} in phase {mail.phase}, stopped in phase {want.stop}")
        elif mail.phase < want.due:
            _find(verdict, "unexpected", f"{mail.key} in phase {mail.phase}, due in phase {want.due}")
        elif shops[mail.key[0]] != mail.shop:
            _find(verdict, "unexpected", f"{mail.key} came from {mail.shop}")
        rows.add(mail.row)


def _judge_missing(
    verdict: Verdict, wanted: dict[Key, Want], arrived: list[Arrived], ledger: list[Any], until: int
) -> None:
    """A row in doubt may stand for a mail that did not arrive; it is counted, not forgiven."""
    came = Counter(mail.key for mail in arrived)
    came_rows = {mail.row for mail in arrived}
    doubtful: Counter[Key] = Counter()
    for number, state, recipient, flow, step in ledger:
        if state == "unknown":
            verdict.unknown += 1
            verdict.unknown_accepted += str(number) in came_rows
            doubtful[recipient, flow, step] += str(number) not in came_rows
    for key, want in wanted.items():
        required = want.due <= until and (want.stop is None or want.stop > want.due)
        missing = want.count - came[key] - doubtful[key]
        if required and missing > 0:
            _find(verdict, "lost", f"{key}: {missing} of {want.count} never came", missing)


def _judge_ledger(verdict: Verdict, arrived: list[Arrived], ledger: list[Any]) -> None:
    states = {str(row[0]): row[1] for row in ledger}
    came = {mail.row for mail in arrived}
    for row in came:
        if states.get(row) not in ("sent", "unknown"):
            _find(verdict, "mismatched", f"row {row} arrived, the ledger says {states.get(row)}")
    for row, state in states.items():
        if state == "sent" and row not in came:
            _find(verdict, "mismatched", f"row {row} never arrived, the ledger says sent")


def _stuck(connection: psycopg.Connection[Any], now: datetime) -> dict[str, int]:
    questions = {
        "inbox": "select count(*) from inbox where state <> 'done'",
        "messages": "select count(*) from messages where state in ('claimed', 'sending')"
        " or (state = 'due' and next_at <= %(now)s)",
        "timers": "select count(*) from timers where due_at <= %(now)s",
    }
    found = {}
    for what, question in questions.items():
        row = connection.execute(question, {"now": now}).fetchone()
        if row and row[0]:
            found[what] = int(row[0])
    return found


def _find(verdict: Verdict, kind: str, what: str, count: int = 1) -> None:
    setattr(verdict, kind, getattr(verdict, kind) + count)
    if len(verdict.findings) < 30:
        verdict.findings.append(f"{kind}: {what}")
