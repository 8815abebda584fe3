"""The SMTP provider against real sockets: what it sends, what it survives, what it makes of failures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from emails.message import Envelope
from emails.mime import mail_bytes
from emails.providers.base import SendFailed
from emails.providers.smtp import SmtpCourier, SmtpProvider
from emails.providers.smtp_url import SmtpServer
from tests.emails.providers.scripted_server import (
    HANG_UP,
    KEEP_AND_HANG_UP,
    RESET,
    Server,
    serving,
)
from tests.ports import free_ports

LETTER = Envelope(
    sender="orders@mail.shop.example",
    sender_name="Shop",
    recipient="nora@example.com",
    reply_to=None,
    message_id="<1@mail.shop.example>",
    subject="Order 7",
    html="<p>Hello</p>",
    text="Hello\n.starts with a dot\n.\n",
    headers={},
)
SHORT = 0.4


def courier(port: int) -> SmtpCourier:
    server = SmtpServer("127.0.0.1", port, connect_seconds=SHORT, command_seconds=SHORT, answer_seconds=SHORT)
    return SmtpProvider(server).connect()


@dataclass(frozen=True)
class Outcome:
    where: str
    reason: str
    permanent: bool = False
    handed_over: bool = False
    code: int | None = None


def outcome_of(post: SmtpCourier, letter: Envelope = LETTER) -> Outcome | None:
    where = "prepare"
    try:
        post.prepare(letter)
        where = "hand_over"
        post.hand_over()
    except SendFailed as failure:
        return Outcome(where, failure.reason, failure.permanent, failure.handed_over, failure.code)
    return None


def later(where: str, reason: str, code: int | None = None) -> Outcome:
    return Outcome(where, reason, code=code)


def never(where: str, reason: str, code: int) -> Outcome:
    return Outcome(where, reason, permanent=True, code=code)


def perhaps(reason: str) -> Outcome:
    return Outcome("hand_over", reason, handed_over=True)


def test_a_connection_that_breaks_in_the_text_was_not_handed_over() -> None:
    letter = replace(LETTER, html="x" * 6_000_000)
    with serving({"body": [RESET]}) as server, courier(server.port) as post:
        assert outcome_of(post, letter) == later("hand_over", "connection_lost")
        assert server.mails == []
        assert outcome_of(post) is None


def test_nobody_listens() -> None:
    with courier(free_ports()) as post:
        assert outcome_of(post) == later("prepare", "no_connection")


def test_a_host_that_does_not_exist() -> None:
    post = SmtpProvider(SmtpServer("no-such-host.invalid", 25)).connect()
    assert outcome_of(post) == later("prepare", "no_connection")


def test_one_connection_for_many_mails() -> None:
    with serving() as server:
        with courier(server.port) as post:
            for number in range(50):
                post.prepare(replace(LETTER, message_id=f"<{number}@mail.shop.example>"))
                receipt = post.hand_over()
                assert receipt.provider_id == f"Q{number + 1}"
                assert receipt.response == f"250 2.0.0 queued as Q{number + 1}"
        assert server.connections == 1
        assert len(server.mails) == 50
        assert [command for command in server.commands if command == "RSET"] == []
        assert server.commands[-1].upper() == "QUIT"


def test_the_bytes_arrive_as_they_were_written() -> None:
    with serving() as server:
        with courier(server.port) as post:
            post.prepare(LETTER)
            post.hand_over()
        assert server.mails == [mail_bytes(LETTER)]
        assert b"\r\n.starts with a dot\r\n" in server.mails[0]
        size = len(mail_bytes(LETTER))
        assert f"MAIL FROM:<orders@mail.shop.example> SIZE={size}" in server.commands
        assert "RCPT TO:<nora@example.com>" in server.commands


def test_nothing_is_handed_over_before_the_mark() -> None:
    with serving() as server, courier(server.port) as post:
        post.prepare(LETTER)
        assert "DATA" not in [command.upper() for command in server.commands]
        assert server.mails == []


def test_a_dropped_mail_is_forgotten_and_the_connection_kept() -> None:
    with serving() as server, courier(server.port) as post:
        post.prepare(LETTER)
        post.drop()
        with pytest.raises(RuntimeError):
            post.hand_over()
        post.drop()
        assert outcome_of(post) is None
        assert server.connections == 1
        assert [command.upper() for command in server.commands].count("RSET") == 1


def test_a_refused_recipient_does_not_cost_the_connection() -> None:
    with serving({"rcpt": [b"550 5.1.1 nobody"]}) as server, courier(server.port) as post:
        assert outcome_of(post) == never("prepare", "recipient_refused", 550)
        assert outcome_of(post) is None
        assert server.connections == 1


def test_a_reset_that_fails_costs_only_the_connection() -> None:
    with serving({"rset": [b"500 what"]}) as server, courier(server.port) as post:
        post.prepare(LETTER)
        post.drop()
        assert outcome_of(post) is None
        assert server.connections == 2


@pytest.mark.parametrize("answer", [HANG_UP, b"421 4.4.2 idle for too long", RESET])
def test_a_connection_that_went_stale_is_dialled_again_within_the_same_mail(answer: bytes) -> None:
    good = b"250 2.1.0 ok"
    with serving({"mail": [good, answer]}) as server, courier(server.port) as post:
        assert outcome_of(post) is None
        assert outcome_of(post) is None
        assert server.connections == 2
        assert len(server.mails) == 2


def test_only_one_new_attempt_is_made() -> None:
    good = b"250 2.1.0 ok"
    with serving({"mail": [good, HANG_UP, HANG_UP]}) as server, courier(server.port) as post:
        assert outcome_of(post) is None
        assert outcome_of(post) == later("prepare", "connection_lost")
        assert server.connections == 2


def test_a_lost_answer_is_never_tried_again_by_itself() -> None:
    with serving({"end": [KEEP_AND_HANG_UP]}) as server, courier(server.port) as post:
        assert outcome_of(post) == perhaps("answer_lost")
        assert len(server.mails) == 1
        assert server.connections == 1


def test_the_servers_own_words_are_kept() -> None:
    with serving({"rcpt": [b"550-5.1.1 There is nobody\r\n550 5.1.1 of that name"]}) as server:
        with courier(server.port) as post, pytest.raises(SendFailed) as caught:
            post.prepare(LETTER)
        assert caught.value.answer == "5.1.1 There is nobody 5.1.1 of that name"


def test_a_server_without_extensions() -> None:
    with serving({"ehlo": [b"502 what"]}) as server, courier(server.port) as post:
        assert outcome_of(post) is None
        assert "MAIL FROM:<orders@mail.shop.example>" in server.commands


def test_an_address_that_cannot_be_is_refused_before_dialling() -> None:
    with serving() as server, courier(server.port) as post:
        with pytest.raises(SendFailed, match="invalid_email") as caught:
            post.prepare(replace(LETTER, recipient="nora@example.com>\r\nDATA"))
        assert caught.value.permanent
        assert server.connections == 0


def test_no_connection_is_made_without_a_mail(server_port: int = 9) -> None:
    with courier(server_port) as post:
        post.drop()


def commands(server: Server) -> list[str]:
    return [command.split(" ")[0].upper() for command in server.commands]


def test_the_order_of_commands() -> None:
    with serving() as server:
        with courier(server.port) as post:
            outcome_of(post)
        assert commands(server) == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
