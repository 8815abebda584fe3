"""Mails through a real Postfix, over TLS, into a Maildir: byte for byte, signed, and each of them once."""

from __future__ import annotations

import email
import shutil
import ssl
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path

import dkim
import pytest

from app.services.send import send_due
from connectors.base import Reading
from emails.dkim import DkimKey, new_key, record_of, signed
from emails.i18n import languages
from emails.mime import mail_bytes
from emails.providers.registry import provider_for
from emails.render import render, template_names
from tests.app.desk import START, Desk, an_order
from tests.app.mta.cutter import Point, cutting
from tests.app.mta.greylist import greylisting
from tests.app.mta.postfix import LATER, REFUSED, Postfix, running
from tests.app.sending import sender_of
from tests.emails.cases import STATES
from tests.emails.providers.test_smtp_security import certificate
from tests.emails.samples import HOLLOW_PINE, lamps
from tests.emails.test_envelope import labelled, sealed
from tests.memory import quick_folder
from tests.proof import Figure

pytestmark = pytest.mark.proof

# Where a line is cut after the last byte may have left.
IN_DOUBT = (Point.DATA, Point.TEXT, Point.DOT)
KEY = new_key("hollow-pine.example", "d1")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where Postfix's own users can walk to: pytest shuts its folders to everybody else."""
    made = Path(tempfile.mkdtemp(prefix="doorstep-mta-", dir=quick_folder()))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def mta(
    folder: Path, certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Postfix]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with running(folder, certificate[0]) as made:
        yield made


@pytest.mark.timeout(600)
def test_every_mail_in_every_language_arrives_as_it_was_written(mta: Postfix, figure: Figure) -> None:
    """What stands before and after the server's own lines is what we wrote, and the signature holds."""
    written = {}
    provider = provider_for(f"smtp://127.0.0.1:{mta.port}?starttls=always")
    with provider.connect() as courier:
        for number, (template, language) in enumerate(chosen()):
            context = STATES[template][0](lamps())
            letter = sealed(
                render(template, context, language),
                brand=replace(HOLLOW_PINE, sender_name="Röst & Söhne 株式会社"),
                links=context.links,
                recipient=f"reader{number}@example.com",
                labels=labelled(),
            )
            name = f"<{language}-{number}@hollow-pine.example>"
            letter = replace(letter, message_id=name, dkim=(KEY,), return_path="b+x@bounces.example")
            courier.prepare(letter)
            courier.hand_over()
            written[name] = signed(mail_bytes(letter), (KEY,))
    delivered = mta.delivered(len(written), seconds=120)
    assert len(delivered) == len(written) >= 2 * len(template_names()), mta.log()[-2_000:]
    for mail in delivered:
        message = email.message_from_bytes(mail, policy=policy.default)
        assert message["Return-Path"] == "<b+x@bounces.example>"
        assert "ESMTPS" in message["Received"]
        mine = written.pop(message["Message-ID"])
        begin = mail.index(b"DKIM-Signature:")
        assert mail[begin:] == mine.replace(b"\r\n", b"\n")
        assert is_signed(mail)
    assert written == {}
    figure("mails", len(delivered))


def chosen() -> list[tuple[str, str]]:
    """Every mail in two languages, and every language with its share of them."""
    spoken = languages()
    return [
        (template, spoken[(number + turn * (1 + number // len(spoken))) % len(spoken)])
        for turn in range(2)
        for number, template in enumerate(template_names())
    ]


def is_signed(mail: bytes, key: DkimKey = KEY) -> bool:
    records = {f"{key.name}.".encode(): record_of(key).encode()}
    return bool(dkim.DKIM(mail).verify(dnsfunc=lambda name, timeout=5: records.get(name)))


@pytest.mark.parametrize("point", Point)
def test_a_line_that_is_cut_anywhere_delivers_nothing_twice(desk: Desk, mta: Postfix, point: Point) -> None:
    """Six confirmations; the line is cut once, in the first one or before it. Later all that may be tried
    again is tried again."""
    orders(desk, [f"reader{number}@example.com" for number in range(6)])
    with cutting(point, mta.port) as line:
        for _ in range(4):
            send(desk, f"smtp://127.0.0.1:{line.port}?starttls=never", f"at {line.port}")
            desk.now += timedelta(hours=1)
        assert line.cut
    states = Counter(row.state for row in desk.rows("SELECT state FROM messages"))
    assert states in ({"sent": 6}, {"sent": 5, "unknown": 1})
    assert states["unknown"] <= (point in IN_DOUBT)
    assert states["unknown"] or point is not Point.DOT
    sent = {row.message_id for row in desk.rows("SELECT message_id FROM messages WHERE state = 'sent'")}
    arrived = [email.message_from_bytes(mail)["Message-ID"] for mail in mta.delivered(len(sent))]
    assert len(arrived) == len(set(arrived)) and sent <= set(arrived)


def test_what_the_server_says_is_what_becomes_of_the_row(desk: Desk, mta: Postfix) -> None:
    orders(desk, [REFUSED, LATER, "reader@example.com"])
    url = f"smtp://127.0.0.1:{mta.port}?starttls=always"
    send(desk, url)
    assert outcomes(desk) == {
        REFUSED: ("failed", "recipient_refused"),
        LATER: ("due", "recipient_deferred"),
        "reader@example.com": ("sent", None),
    }
    for _ in range(15):  # a confirmation is worth twelve hours
        desk.now += timedelta(hours=1)
        send(desk, url)
    assert outcomes(desk)[LATER][0] == "expired"
    assert len(mta.delivered(1)) == 1


def test_a_greylisting_server_gets_each_mail_once(
    desk: Desk, folder: Path, certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    people = [f"reader{number}@example.com" for number in range(5)]
    with greylisting() as asked, running(folder, certificate[0], asked) as mta:
        orders(desk, people)
        url = f"smtp://127.0.0.1:{mta.port}?starttls=always"
        send(desk, url)
        assert outcomes(desk) == dict.fromkeys(people, ("due", "recipient_deferred"))
        desk.now += timedelta(minutes=2)
        send(desk, url)
        assert outcomes(desk) == dict.fromkeys(people, ("sent", None))
        arrived = [email.message_from_bytes(mail)["To"] for mail in mta.delivered(5)]
    assert sorted(arrived) == people


def orders(desk: Desk, people: list[str]) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(
        Reading(orders=tuple(an_order(id=str(n), number=str(n), email=who) for n, who in enumerate(people)))
    )


def outcomes(desk: Desk) -> dict[str, tuple[str, str | None]]:
    rows = desk.rows("SELECT o.email, m.state, m.reason FROM messages m JOIN orders o ON o.id = m.order_id")
    return {row.email: (row.state, row.reason) for row in rows}


def send(desk: Desk, url: str, account: str = "postfix") -> None:
    sender = replace(sender_of(desk, provider_for(url)), account=account)
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass


__all__ = ["certificate"]
