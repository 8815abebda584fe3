"""At least twenty ways to fail, each with its meaning; and after each the next mail goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.emails.providers.scripted_server import HANG_UP, KEEP_AND_HANG_UP, RESET, SILENCE, serving
from tests.emails.providers.test_smtp import Outcome, courier, later, never, outcome_of, perhaps

ENDLESS = b"250 " + b"x" * 9000

FAULTS: dict[str, tuple[Mapping[str, Sequence[bytes]], Outcome]] = {
    "greeting 421": ({"connect": [b"421 busy"]}, later("prepare", "server_closing", 421)),
    "greeting 554": ({"connect": [b"554 not you"]}, later("prepare", "server_refused", 554)),
    "greeting unreadable": ({"connect": [b"HTTP/1.1 400"]}, later("prepare", "unreadable_answer")),
    "greeting hang-up": ({"connect": [HANG_UP]}, later("prepare", "no_connection")),
    "greeting silence": ({"connect": [SILENCE]}, later("prepare", "no_connection")),
    "ehlo silence": ({"ehlo": [SILENCE]}, later("prepare", "no_connection")),
    "ehlo and helo refused": (
        {"ehlo": [b"502 no"], "helo": [b"550 no"]},
        later("prepare", "server_refused", 550),
    ),
    "sender 451": ({"mail": [b"451 4.3.0 wait"]}, later("prepare", "sender_deferred", 451)),
    "sender 550": ({"mail": [b"550 5.7.1 not yours"]}, later("prepare", "sender_refused", 550)),
    "sender 530": ({"mail": [b"530 5.7.0 log in"]}, later("prepare", "login_refused", 530)),
    "sender 552": ({"mail": [b"552 5.3.4 too big"]}, never("prepare", "too_large", 552)),
    "sender 421": ({"mail": [b"421 bye"]}, later("prepare", "server_closing", 421)),
    "sender hang-up": ({"mail": [HANG_UP]}, later("prepare", "connection_lost")),
    "sender reset": ({"mail": [RESET]}, later("prepare", "connection_lost")),
    "sender silence": ({"mail": [SILENCE]}, later("prepare", "connection_lost")),
    "sender unreadable": ({"mail": [b"what?"]}, later("prepare", "unreadable_answer")),
    "sender endless line": ({"mail": [ENDLESS]}, later("prepare", "unreadable_answer")),
    "sender 354": ({"mail": [b"354 go on"]}, later("prepare", "unreadable_answer")),
    "recipient 450": ({"rcpt": [b"450 4.2.0 greylisted"]}, later("prepare", "recipient_deferred", 450)),
    "recipient 452": ({"rcpt": [b"452 4.2.2 full"]}, later("prepare", "recipient_deferred", 452)),
    "recipient 550": ({"rcpt": [b"550 5.1.1 nobody"]}, never("prepare", "recipient_refused", 550)),
    "recipient 550 bare": ({"rcpt": [b"550 nobody"]}, never("prepare", "recipient_refused", 550)),
    "recipient 551": ({"rcpt": [b"551 moved"]}, never("prepare", "recipient_refused", 551)),
    "recipient 553": ({"rcpt": [b"553 5.1.3 bad name"]}, never("prepare", "recipient_refused", 553)),
    "recipient 556": ({"rcpt": [b"556 5.1.10 null MX"]}, never("prepare", "recipient_refused", 556)),
    "recipient 501": ({"rcpt": [b"501 5.1.3 syntax"]}, never("prepare", "recipient_refused", 501)),
    "recipient 521": ({"rcpt": [b"521 5.2.1 closed"]}, never("prepare", "recipient_refused", 521)),
    "recipient 552": ({"rcpt": [b"552 mailbox full"]}, later("prepare", "mailbox_full", 552)),
    "recipient 5.2.2": ({"rcpt": [b"550 5.2.2 over quota"]}, later("prepare", "mailbox_full", 550)),
    "recipient 554": ({"rcpt": [b"554 no"]}, never("prepare", "policy", 554)),
    "recipient 5.7.1": ({"rcpt": [b"550 5.7.1 listed"]}, never("prepare", "policy", 550)),
    "recipient 503": ({"rcpt": [b"503 5.5.1 order"]}, later("prepare", "out_of_step", 503)),
    "recipient 530": ({"rcpt": [b"530 log in"]}, later("prepare", "login_refused", 530)),
    "recipient hang-up": ({"rcpt": [HANG_UP]}, later("prepare", "connection_lost")),
    "recipient 299 lines": (
        {"rcpt": [b"550-5.1.1 a\r\n" * 298 + b"550 5.1.1 b"]},
        never("prepare", "recipient_refused", 550),
    ),
    "data 451": ({"data": [b"451 4.3.0 wait"]}, later("hand_over", "data_deferred", 451)),
    "data 554": ({"data": [b"554 5.5.1 no recipients"]}, never("hand_over", "content_refused", 554)),
    "data 5.7.1": ({"data": [b"554 5.7.1 no"]}, never("hand_over", "policy", 554)),
    "data 503": ({"data": [b"503 first RCPT"]}, later("hand_over", "out_of_step", 503)),
    "data 250": ({"data": [b"250 ok"]}, later("hand_over", "unreadable_answer")),
    "data hang-up": ({"data": [HANG_UP]}, later("hand_over", "connection_lost")),
    "data silence": ({"data": [SILENCE]}, later("hand_over", "connection_lost")),
    "data 421": ({"data": [b"421 bye"]}, later("hand_over", "server_closing", 421)),
    "end 421": ({"end": [b"421 4.3.2 stopping"]}, later("hand_over", "server_closing", 421)),
    "end 451": ({"end": [b"451 4.3.0 wait"]}, later("hand_over", "content_deferred", 451)),
    "end 452": ({"end": [b"452 4.3.1 disk"]}, later("hand_over", "content_deferred", 452)),
    "end 550": ({"end": [b"550 5.6.0 bad"]}, never("hand_over", "content_refused", 550)),
    "end 550 5.1.1": ({"end": [b"550 5.1.1 nobody"]}, never("hand_over", "recipient_refused", 550)),
    "end 552": ({"end": [b"552 5.3.4 too big"]}, never("hand_over", "too_large", 552)),
    "end 552 5.2.2": ({"end": [b"552 5.2.2 full"]}, later("hand_over", "mailbox_full", 552)),
    "end 554": ({"end": [b"554 spam"]}, never("hand_over", "policy", 554)),
    "end 550 5.7.1": ({"end": [b"550 5.7.1 spam"]}, never("hand_over", "policy", 550)),
    "end 535": ({"end": [b"535 5.7.8 login"]}, later("hand_over", "login_refused", 535)),
    "end hang-up": ({"end": [HANG_UP]}, perhaps("answer_lost")),
    "end kept, hang-up": ({"end": [KEEP_AND_HANG_UP]}, perhaps("answer_lost")),
    "end reset": ({"end": [RESET]}, perhaps("answer_lost")),
    "end silence": ({"end": [SILENCE]}, perhaps("answer_lost")),
    "end unreadable": ({"end": [b"\xff\xfe"]}, perhaps("unreadable_answer")),
    "end endless line": ({"end": [ENDLESS]}, perhaps("answer_lost")),
    "end 354": ({"end": [b"354 more"]}, perhaps("unreadable_answer")),
    "end 999": ({"end": [b"999 what"]}, perhaps("unreadable_answer")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_failure_has_its_meaning_and_the_next_mail_goes_out(fault: str) -> None:
    script, expected = FAULTS[fault]
    with serving(script) as server, courier(server.port) as post:
        assert outcome_of(post) == expected
        taken = len(server.mails)
        assert taken == (fault in ("end kept, hang-up", "end endless line"))
        assert outcome_of(post) is None
        assert len(server.mails) == taken + 1
