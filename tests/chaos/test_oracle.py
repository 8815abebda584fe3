"""The oracle on small histories written by hand: what it must see, and what it must let pass."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.chaos.oracle import ARRIVAL, ASK, DELIVERY, LAST, NUDGE, Verdict, judge

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
IDA = "life-1@chaos-one.example"
SHOP = "chaos-one.myshopify.com"
MAILS = (
    ("order_confirmation", "confirmation", 1),
    ("shipped", "parcel", 1),
    ("delivered", "arrived", 2),
    ("review_request", "ask", 3),
    ("review_request", "nudge", 4),
    ("review_request", "last", 5),
)
LOSS = "cancel_refund_exchange"
Row = tuple[str, str, int]


class History:
    """One life that was placed, shipped and delivered, with all its mails, until somebody changes it."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.folder, self.dsn = folder, dsn
        self.truth: list[dict[str, Any]] = [
            {"what": "phase", "at": self.at(phase).isoformat(), "phase": phase} for phase in range(1, 6)
        ]
        for what in ("place", "ship", "deliver"):
            self.happened(what, DELIVERY)
        self.record = [self.mail(row, *mail) for row, mail in enumerate(MAILS, start=1)]
        self.ledger = {row: ("sent", *mail[:2]) for row, mail in enumerate(MAILS, start=1)}

    def at(self, phase: int) -> datetime:
        return START + timedelta(days=phase)

    def happened(self, what: str, phase: int, **more: Any) -> None:
        line = {"what": what, "at": self.at(phase).isoformat(), "phase": phase, "email": IDA, "shop": SHOP}
        self.truth.append({**line, "parcels": 1, "full": False, "old": False, **more})

    def mail(self, row: int, flow: str, step: str, phase: int) -> dict[str, str]:
        at = (self.at(phase) + timedelta(hours=1)).isoformat()
        return {"to": IDA, "flow": flow, "step": step, "row": str(row), "shop": SHOP, "accepted_at": at}

    def told_of(self, step: str, phase: int, row: int = 7) -> None:
        """That money went back, or that it was called off."""
        self.record.append(self.mail(row, LOSS, step, phase))
        self.ledger[row] = ("sent", LOSS, step)

    def forget(self, row: int, state: str) -> None:
        """The mail of this row never came; the ledger says `state`."""
        self.record = [mail for mail in self.record if mail["row"] != str(row)]
        self.ledger[row] = (state, *self.ledger[row][1:])

    def judge(self, until: int = LAST) -> Verdict:
        truth, record = self.folder / "truth.jsonl", self.folder / "sink.jsonl"
        truth.write_text("".join(json.dumps(line) + "\n" for line in self.truth))
        record.write_text("".join(json.dumps(line) + "\n" for line in self.record))
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("drop table if exists messages, inbox, timers")
            connection.execute(
                "create table messages (id int, state text, recipient text, flow_key text,"
                " step text, next_at timestamptz)"
            )
            connection.execute("create table inbox (state text)")
            connection.execute("create table timers (due_at timestamptz)")
            for row, (state, flow, step) in self.ledger.items():
                values = (row, state, IDA, flow, step, START)
                connection.execute("insert into messages values (%s, %s, %s, %s, %s, %s)", values)
        return judge(truth, record, self.dsn, self.at(9), until)


@pytest.fixture
def history(tmp_path: Path, empty_database: str) -> History:
    return History(tmp_path, empty_database)


def test_a_quiet_life_is_in_order(history: History) -> None:
    verdict = history.judge()
    assert verdict.holds
    assert (verdict.mails, verdict.unknown, verdict.findings) == (6, 0, [])


def test_a_mail_that_came_twice(history: History) -> None:
    history.record.append(history.mail(4, "review_request", "ask", ASK))
    assert history.judge().duplicates == 1


def test_a_second_row_for_the_same_mail(history: History) -> None:
    history.record.append(history.mail(7, "review_request", "ask", ASK))
    history.ledger[7] = ("sent", "review_request", "ask")
    assert history.judge().duplicates == 1


@pytest.mark.parametrize("state", ["failed", "skipped", "expired", "cancelled"])
def test_a_mail_that_never_came(history: History, state: str) -> None:
    history.forget(2, state)
    verdict = history.judge()
    assert (verdict.lost, verdict.mismatched) == (1, 0)


def test_a_mail_without_any_row(history: History) -> None:
    history.forget(2, "sent")
    del history.ledger[2]
    assert history.judge().lost == 1


def test_a_mail_in_doubt_is_counted_and_not_lost(history: History) -> None:
    history.forget(2, "unknown")
    verdict = history.judge()
    assert verdict.holds
    assert (verdict.unknown, verdict.unknown_accepted) == (1, 0)


def test_a_mail_in_doubt_that_did_arrive(history: History) -> None:
    history.ledger[2] = ("unknown", *history.ledger[2][1:])
    verdict = history.judge()
    assert verdict.holds
    assert (verdict.unknown, verdict.unknown_accepted) == (1, 1)


def test_a_ledger_that_says_sent_without_a_mail(history: History) -> None:
    history.forget(2, "sent")
    verdict = history.judge()
    assert (verdict.lost, verdict.mismatched) == (1, 1)


@pytest.mark.parametrize("state", ["due", "cancelled", "failed", "skipped"])
def test_a_mail_that_the_ledger_denies(history: History, state: str) -> None:
    history.ledger[2] = (state, *history.ledger[2][1:])
    assert history.judge().mismatched == 1


@pytest.mark.parametrize("state", ["due", "claimed", "sending"])
def test_a_row_that_stays_open(history: History, state: str) -> None:
    history.forget(2, state)
    verdict = history.judge()
    assert (verdict.stuck, verdict.lost) == (1, 1)


def test_a_full_refund_stops_what_is_due_later(history: History) -> None:
    history.happened("refund", ASK, full=True)
    assert history.judge().after_stop == 2


def test_mails_may_miss_or_come_in_the_phase_of_the_refund(history: History) -> None:
    history.happened("refund", ASK, full=True)
    history.told_of("refunded", ASK)
    for row in (4, 5, 6):
        history.forget(row, "cancelled")
    assert history.judge().holds


def test_a_part_refund_stops_nothing(history: History) -> None:
    history.happened("refund", DELIVERY)
    history.told_of("refunded", DELIVERY)
    history.forget(6, "cancelled")
    assert history.judge().lost == 1


def test_each_refund_is_told_once(history: History) -> None:
    for _ in range(2):
        history.happened("refund", ASK)
    history.told_of("refunded", ASK)
    assert history.judge().lost == 1
    history.told_of("refunded", ASK, row=8)
    assert history.judge().holds
    history.told_of("refunded", ASK, row=9)
    assert history.judge().duplicates == 1


def test_a_cancellation_is_told(history: History) -> None:
    for row in range(1, 7):
        history.forget(row, "cancelled")
    history.happened("cancel", DELIVERY)
    assert history.judge().lost == 1
    history.told_of("cancelled", ARRIVAL)
    assert history.judge().holds


def test_a_parcel_that_never_came_is_asked_after(history: History) -> None:
    history.truth = [line for line in history.truth if line["what"] != "deliver"]
    for row in range(3, 7):
        history.forget(row, "cancelled")
    assert history.judge().lost == 1
    history.record.append(history.mail(7, "arrival_check", "asked", ASK))
    history.ledger[7] = ("sent", "arrival_check", "asked")
    assert history.judge().holds


def test_a_cancellation_stops_everything_behind_it(history: History) -> None:
    history.happened("cancel", DELIVERY)
    assert history.judge().after_stop == 4


def test_an_unsubscription_stops_review_mails_only(history: History) -> None:
    history.happened("unsubscribe", DELIVERY)
    assert history.judge().after_stop == 3


def test_a_mail_before_its_time(history: History) -> None:
    history.record[4] = history.mail(5, "review_request", "nudge", ASK)
    assert history.judge().unexpected == 1


def test_a_mail_from_another_shop(history: History) -> None:
    history.record[0]["shop"] = "chaos-two.example"
    assert history.judge().unexpected == 1


def test_a_mail_to_a_stranger(history: History) -> None:
    history.record.append({**history.mail(1, "shipped", "parcel", DELIVERY), "to": "who@chaos-one.example"})
    assert history.judge().unexpected == 1


def test_old_orders_get_nothing(history: History) -> None:
    for line in history.truth:
        line["old"] = True
    assert history.judge().unexpected == 6


def test_nothing_is_asked_before_everything_arrived(history: History) -> None:
    for line in history.truth:
        line["parcels"] = 2
    assert history.judge().unexpected == 4


def test_each_parcel_has_its_own_mail(history: History) -> None:
    history.happened("ship", DELIVERY)
    assert history.judge().lost == 1


def test_what_is_due_after_the_last_phase_is_not_missed(history: History) -> None:
    for row in (5, 6):
        history.forget(row, "cancelled")
    assert history.judge(until=ASK).holds
    assert NUDGE > ASK
