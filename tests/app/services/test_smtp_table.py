"""Whatever a mail server does, the row ends where docs/reliability.md says, and nothing leaves twice."""

from __future__ import annotations

import smtplib
import ssl
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from select import select
from typing import Any

import pytest

from app.services.send import send_due
from connectors.base import Reading
from emails.providers.registry import provider_for
from tests.app.desk import START, Desk, an_order
from tests.app.sending import sender_of
from tests.emails.providers.scripted_server import (
    HALF_CLOSE,
    LATE,
    RESET,
    SILENCE,
    THEN_RESET,
    Server,
    serving,
)
from tests.emails.providers.test_smtp import SHORT
from tests.emails.providers.test_smtp_faults import FAULTS
from tests.emails.providers.test_smtp_security import OFFERS_LOGIN, OFFERS_TLS, certificate

DOCS = Path("docs/reliability.md")
HEAD = "| what the server does | the row | after the next try | mails taken |"
PATIENCE = f"connect_seconds={SHORT}&command_seconds={SHORT}&answer_seconds={SHORT}"


@dataclass(frozen=True)
class Case:
    """`state`, `reason`: right after the first try; `end`: after the next one, with a server that is well.
    `taken`: how many mails both servers took."""

    state: str
    reason: str | None
    end: str
    taken: int = 1
    script: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    url: str = "smtp://127.0.0.1:{port}?"
    tls: bool = False
    away: bool = False


def again(reason: str, script: Mapping[str, Sequence[bytes]], **more: Any) -> Case:
    return Case("due", reason, "sent", 1, script, **more)


def in_doubt(reason: str, script: Mapping[str, Sequence[bytes]], taken: int = 0) -> Case:
    return Case("unknown", reason, "unknown", taken, script)


MORE = {
    "nobody listens": again("no_connection", {}, away=True),
    "text: connection reset before the dot": again("connection_lost", {"body": [RESET]}),
    "end: 250, then reset": Case("sent", None, "sent", 1, {"end": [THEN_RESET + b"250 2.0.0 taken"]}),
    "end: half-closed": in_doubt("answer_lost", {"end": [HALF_CLOSE]}),
    "recipient: 250 after a while": Case("sent", None, "sent", 1, {"rcpt": [LATE + b"250 ok"]}),
    "end: 250 after a while": Case("sent", None, "sent", 1, {"end": [LATE + b"250 ok"]}),
    "greeting: noise": again("unreadable_answer", {"connect": [b"\x00\xff\x16\x03"]}),
    "rate limit: 421 4.7.0 at the sender": again("server_closing", {"mail": [b"421 4.7.0 too many"]}),
    "rate limit: 450 4.7.1 at the recipient": again("recipient_deferred", {"rcpt": [b"450 4.7.1 slow down"]}),
    "TLS: STARTTLS taken out on the way": again(
        "not_offered", {}, url="smtp://127.0.0.1:{port}?starttls=always&"
    ),
    "TLS: STARTTLS 454": again(
        "connect_deferred",
        {"ehlo": [OFFERS_TLS], "starttls": [b"454 no TLS now"]},
        url="smtp://127.0.0.1:{port}?starttls=always&",
    ),
    "TLS: a certificate that nobody vouches for": again("tls_failed", {"ehlo": [OFFERS_TLS]}, tls=True),
    "TLS: silence after STARTTLS": again("no_connection", {"ehlo": [OFFERS_TLS], "starttls": [SILENCE]}),
    "TLS: plain text where TLS is due": again("tls_failed", {}, url="smtps://127.0.0.1:{port}?"),
    "login: 535": again(
        "login_refused",
        {"ehlo": [OFFERS_LOGIN], "auth": [b"535 5.7.8 no"]},
        url="smtp://user:secret@127.0.0.1:{port}?",
    ),
    "login: 454": again(
        "login_deferred",
        {"ehlo": [OFFERS_LOGIN], "auth": [b"454 4.7.0 not now"]},
        url="smtp://user:secret@127.0.0.1:{port}?",
    ),
}
LONGER_THAN_A_COMMAND = 1000
KEPT = ("end kept, hang-up", "end endless line")


def cases() -> dict[str, Case]:
    found = {}
    for name, (script, outcome) in FAULTS.items():
        stage, _, what = name.partition(" ")
        if outcome.handed_over:
            case = in_doubt(outcome.reason, script, int(name in KEPT))
        elif outcome.permanent:
            case = Case("failed", outcome.reason, "failed", 0, script)
        else:
            case = again(outcome.reason, script)
        found[f"{stage}: {what}"] = case
    return {**found, **MORE}


def line_of(name: str, case: Case) -> str:
    row = case.state if case.reason is None else f"{case.state} ({case.reason})"
    return f"| {name} | {row} | {case.end} | {case.taken} |"


def test_the_table_in_the_docs_is_this_one() -> None:
    written = DOCS.read_text("utf-8")
    begin = written.index(HEAD)
    table = written[begin:].split("\n\n")[0].splitlines()[2:]
    assert table == [line_of(name, case) for name, case in cases().items()]


def test_every_row_ends_where_the_table_says(desk: Desk, certificate: tuple[Path, ssl.SSLContext]) -> None:
    """One shop, one order confirmation a fault: tried with the server that fails, then with one that is well,
    then three hours later once more."""
    assert len(cases()) >= 39
    wrong = []
    for number, (name, case) in enumerate(cases().items()):
        found = outcome_of(desk, number, case, certificate[1])
        if found != (case.state, case.reason, case.end, case.taken):
            wrong.append(f"{name}: {found}")
    assert wrong == []
    (marked,) = desk.rows("SELECT count(message_id) AS n, count(DISTINCT message_id) AS own FROM messages")
    assert marked.n == marked.own


def outcome_of(
    desk: Desk, number: int, case: Case, context: ssl.SSLContext
) -> tuple[str, str | None, str, int]:
    desk.now = START + timedelta(minutes=2) + timedelta(hours=5 * number)
    mine = str(1000 + number)
    order = an_order(id=mine, number=mine, email=f"reader{number}@example.com", at=desk.now)
    desk.read(Reading(orders=(order,)))
    with serving(case.script, context if case.tls else None) as bad, serving() as well:
        with text_after_the_reset(case):
            send(desk, case, 1 if case.away else bad.port)
        (first,) = desk.rows("SELECT state, reason FROM messages WHERE order_id = :id", id=mine)
        for _ in range(2):
            desk.now += timedelta(hours=2)
            send(desk, Case("", None, ""), well.port)
        (last,) = desk.rows("SELECT state, message_id FROM messages WHERE order_id = :id", id=mine)
        taken = copies(bad) + copies(well)
    assert all(copy == 1 for copy in taken.values()), "a mail was taken twice"
    assert set(taken) <= {last.message_id}
    return first.state, first.reason, last.state, sum(taken.values())


@contextmanager
def text_after_the_reset(case: Case) -> Iterator[None]:
    """Where the server resets at the text, the text waits for it: else it and the dot could be in the
    kernel's hands before."""
    at_once = smtplib.SMTP.send

    def waiting(client: smtplib.SMTP, text: Any) -> None:
        if len(text) > LONGER_THAN_A_COMMAND:
            assert client.sock is not None
            assert select([client.sock], [], [], 5)[0], "no reset came"
        at_once(client, text)

    with pytest.MonkeyPatch.context() as patched:
        if "body" in case.script:
            patched.setattr(smtplib.SMTP, "send", waiting)
        yield


def send(desk: Desk, case: Case, port: int) -> None:
    provider = provider_for(case.url.format(port=port) + PATIENCE)
    sender = replace(sender_of(desk, provider), account=f"at {port}")
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass


def copies(server: Server) -> Counter[str]:
    return Counter(message_from_bytes(mail)["Message-ID"] for mail in server.mails)


__all__ = ["certificate"]
