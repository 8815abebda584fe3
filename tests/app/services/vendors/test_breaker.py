"""Whether an account is tried: opened by what is the vendor's, closed by one mail that gets through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.services.breaker import (
    LONG_PAUSE,
    PAUSE,
    Breaker,
    after,
    is_trouble,
    let_through,
    opens_in,
)
from emails.providers.base import SendFailed

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BAD = SendFailed("vendor_away", code=503)
OF_THE_MAIL = SendFailed("recipient_refused", permanent=True)
OF_THE_VENDOR = (
    *("no_connection", "tls_failed", "not_offered", "login_refused", "login_deferred", "connect_deferred"),
    *("server_refused", "server_closing", "connection_lost", "out_of_step", "answer_lost"),
    *("vendor_away", "vendor_trouble", "not_understood", "unreadable_answer"),
    *("account_paused", "quota_used_up"),
)
OF_ONE_MAIL = (
    "recipient_refused",
    "recipient_deferred",
    "mailbox_full",
    "sender_refused",
    "invalid_email",
    "vendor_busy",
)


def told(outcomes: str, at: datetime = NOW) -> Breaker:
    held = Breaker()
    for one in outcomes:
        held = after(held, BAD if one == "x" else None, at)
    return held


@pytest.mark.parametrize(
    ("outcomes", "is_open"),
    [
        ("", False),
        ("xxxx", False),
        ("xxxxx", True),
        ("xxxx.xxxx", False),
        ("x." * 9 + "x", True),
        ("x.." * 7, False),
        ("." * 20 + "xxxx", False),
    ],
)
def test_when_it_opens(outcomes: str, is_open: bool) -> None:
    assert told(outcomes).is_open(NOW) is is_open


def test_what_is_about_one_mail_is_a_sign_of_life() -> None:
    held = told("xxxx")
    assert not after(after(held, OF_THE_MAIL, NOW), BAD, NOW).is_open(NOW)


def test_what_says_something_of_the_vendor_and_what_of_one_mail() -> None:
    told_apart = {reason: is_trouble(SendFailed(reason)) for reason in (*OF_THE_VENDOR, *OF_ONE_MAIL)}
    assert told_apart == {**dict.fromkeys(OF_THE_VENDOR, True), **dict.fromkeys(OF_ONE_MAIL, False)}


def test_nobody_tries_while_it_is_open_and_then_one_does() -> None:
    held = told("xxxxx")
    assert let_through(held, 10, NOW + PAUSE / 2)[0] == 0
    assert opens_in(held, NOW) == PAUSE
    one, trying = let_through(held, 10, NOW + PAUSE)
    assert one == 1
    assert let_through(trying, 10, NOW + PAUSE)[0] == 0, "not two at the same time"
    assert let_through(trying, 10, NOW + 2 * PAUSE)[0] == 1, "whoever died while trying holds up nobody"


def test_the_first_success_closes_it_and_the_first_failure_opens_it_again() -> None:
    at = NOW + PAUSE
    _, trying = let_through(told("xxxxx"), 10, at)
    good = after(trying, None, at)
    assert good.is_closed() and let_through(good, 10, at)[0] == 10
    assert not after(good, BAD, at).is_open(at), "what was before counts no more"
    again = after(trying, BAD, at)
    assert again.is_open(at + PAUSE - timedelta(seconds=1)) and not again.is_open(at + PAUSE)


@pytest.mark.parametrize("reason", ["quota_used_up", "account_paused"])
def test_an_account_that_is_stopped_rests_at_once_and_longer(reason: str) -> None:
    held = after(Breaker(), SendFailed(reason), NOW)
    assert held.is_open(NOW + LONG_PAUSE - timedelta(seconds=1)) and not held.is_open(NOW + LONG_PAUSE)
