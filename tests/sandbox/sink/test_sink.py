from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.faults import Fault
from sandbox.outbox_store import find, listing, outbox_path

Compose = Callable[..., EmailMessage]


def test_a_mail_is_recorded_before_it_is_answered_for(sink: Any, mail: Compose) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(mail())
        (line,) = sink.records()
    assert line["message_id"] == "<row-17@mail.example>"
    assert (line["to"], line["shop"]) == ("ada@example.com", "hollow-pine.myshopify.com")
    assert (line["flow"], line["step"], line["row"]) == ("review_request", "ask", "17")


def test_the_bytes_are_kept_as_they_came(sink: Any, mail: Compose) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(mail())
    found = find(outbox_path(sink.settings.folder), 1)
    assert found is not None
    kept, raw = found
    assert raw.endswith(b"Hello\r\n.a line that begins with a dot\r\n")
    assert kept.subject == "Ist das Päckchen da? ☕"
    assert kept.sent_at == "2026-11-21T11:00:00+00:00"
    assert (kept.sender, kept.status) == ("hello@hollow-pine.example", "accepted")


def test_times_of_receipt_are_virtual(sink: Any, mail: Compose) -> None:
    clock = Clock(sink.settings.clock_file)
    before = clock.now()
    clock.set_offset(14 * 86400)
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(mail())
    (kept,) = listing(outbox_path(sink.settings.folder))
    assert kept.accepted_at[:10] == clock.now().isoformat()[:10] > before.isoformat()[:10]


def test_every_recipient_has_a_mail_of_its_own(sink: Any, mail: Compose) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(mail(), to_addrs=["ada@example.com", "bo@example.com"])
        client.send_message(mail("cy@example.com", shop="larkhus.example"))
    assert sink.mails() == ["cy@example.com", "bo@example.com", "ada@example.com"]
    assert sink.mails(shop="larkhus.example") == ["cy@example.com"]
    assert sink.mails(to="BO@example.com") == ["bo@example.com"]


@pytest.mark.parametrize("at", ["mail", "rcpt", "data", "end"])
def test_a_scripted_refusal_has_its_code_and_keeps_nothing(sink: Any, at: str, mail: Compose) -> None:
    sink.fail(Fault("refuse", at=at, code=452, text="full", times=1))
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as caught:
            client.send_message(mail())
        assert "452" in str(caught.value)
        assert sink.records() == []
        client.send_message(mail())
    assert len(sink.records()) == 1


def test_a_refused_connection(sink: Any, mail: Compose) -> None:
    sink.fail(Fault("refuse", at="connect", code=421, times=1))
    with pytest.raises(smtplib.SMTPConnectError, match="421"):
        smtplib.SMTP("127.0.0.1", sink.port)
    smtplib.SMTP("127.0.0.1", sink.port).quit()


@pytest.mark.parametrize("at", ["connect", "mail", "data", "end"])
def test_a_drop_keeps_nothing(sink: Any, at: str, mail: Compose) -> None:
    sink.fail(Fault("drop", at=at))
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        smtplib.SMTP("127.0.0.1", sink.port).send_message(mail())
    assert sink.records() == []


def test_a_lost_answer_is_on_record(sink: Any, mail: Compose) -> None:
    sink.fail(Fault("lose", to="bo@", times=1))
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(mail("ada@example.com"))
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.send_message(mail("bo@example.com"))
    assert [line["to"] for line in sink.records()] == ["ada@example.com", "bo@example.com"]
    assert listing(outbox_path(sink.settings.folder))[0].status == "answer_lost"


def test_a_delay_holds_only_its_own_conversation(sink: Any, mail: Compose) -> None:
    sink.fail(Fault("delay", at="end", seconds=1.0, to="slow@", times=1))

    def send(to: str) -> float:
        started = time.monotonic()
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.send_message(mail(to))
        return time.monotonic() - started

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(send, "slow@example.com")
        quick = pool.submit(send, "quick@example.com")
        assert slow.result() >= 1.0 > quick.result()


def test_concurrent_connections_lose_nothing(sink: Any, mail: Compose) -> None:
    def send_many(sender: int) -> None:
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            for number in range(25):
                client.send_message(mail(row=f"{sender}-{number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send_many, range(8)))
    rows = {line["row"] for line in sink.records()}
    assert rows == {f"{sender}-{number}" for sender in range(8) for number in range(25)}
    assert [line["id"] for line in sink.records()] == list(range(1, 201))


def test_commands_out_of_order_are_refused_and_the_connection_lives(sink: Any, mail: Compose) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        assert client.docmd("DATA")[0] == 503
        assert client.docmd("TURN")[0] == 500
        client.send_message(mail())
    assert len(sink.records()) == 1
