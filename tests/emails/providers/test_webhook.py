"""Calls to a shop's own tool are what Standard Webhooks prescribes, whatever the tool answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.keys import Keys
from emails.message import Envelope
from emails.providers import webhook
from emails.providers.base import SendFailed
from emails.providers.webhook import WebhookCourier, signatures, webhook_id
from tests.app.tool_server import ORIGIN, Tool, a_tool
from wire.http import HttpClient

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECRET = Keys("s" * 40, ()).door_secret(1, "salt")
OTHER = Keys("s" * 40, ()).door_secret(2, "salt")


@pytest.fixture
def tool() -> Iterator[Tool]:
    with a_tool() as running:
        yield running


def courier(tool: Tool, *secrets: str, url: str = f"{ORIGIN}/messages?for=us") -> WebhookCourier:
    return WebhookCourier(HttpClient(tool.origins), url, secrets or (SECRET,), lambda: NOW)


def message(**data: Any) -> Envelope:
    return Envelope("a@x.example", "b@x.example", None, "<0f12@mail.example>", "s", "h", "t", {}, "", data)


def send(one: WebhookCourier, envelope: Envelope) -> str:
    one.prepare(envelope)
    return one.hand_over().provider_id


def test_the_signature_is_that_of_the_standard() -> None:
    """The example that the libraries of the standard are tested with."""
    secret, named = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    made = signatures((secret,), named, "1614265330", b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_arrives_is_signed_and_says_what_it_is(tool: Tool) -> None:
    assert send(courier(tool), message(due_at="2026-11-02T09:00:00+00:00", text="Grüße")) == "msg_0f12"
    (call,) = tool.calls
    assert (call.path, call.named) == ("/messages?for=us", "msg_0f12")
    assert call.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert call.headers["content-type"] == "application/json"
    assert call.is_signed_with(SECRET) and not call.is_signed_with(OTHER)
    assert call.told == {
        "type": "message.due",
        "timestamp": "2026-11-02T09:00:00+00:00",
        "data": {"due_at": "2026-11-02T09:00:00+00:00", "text": "Grüße"},
    }


def test_while_a_secret_changes_both_sign(tool: Tool) -> None:
    send(courier(tool, SECRET, OTHER), message())
    assert tool.calls[0].is_signed_with(SECRET) and tool.calls[0].is_signed_with(OTHER)


def test_an_id_holds_no_full_stop() -> None:
    assert webhook_id("<0f12@mail.my.example>") == "msg_0f12"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (301, "webhook_refused"),
        (302, "webhook_refused"),
        (400, "webhook_refused"),
        (404, "webhook_refused"),
        (410, "webhook_gone"),
        (429, "webhook_refused"),
        (500, "webhook_refused"),
        (503, "webhook_refused"),
    ],
)
def test_all_but_2xx_is_a_failure_that_may_be_tried_again(tool: Tool, status: int, reason: str) -> None:
    tool.status = status
    with pytest.raises(SendFailed) as failed:
        send(courier(tool), message())
    told = failed.value
    assert (told.reason, told.code, told.permanent, told.handed_over) == (reason, status, False, False)
    assert len(tool.calls) == 1, "nothing is followed, and nothing repeated at once"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_is_a_receipt(tool: Tool, status: int) -> None:
    tool.status = status
    assert send(courier(tool), message()) == "msg_0f12"


def test_one_that_hangs_is_left(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.3)
    tool.hangs = 2.0
    began = datetime.now(UTC)
    with pytest.raises(SendFailed, match="webhook_unreachable"):
        send(courier(tool), message())
    assert datetime.now(UTC) - began < timedelta(seconds=1.5)


@pytest.mark.parametrize(
    "url",
    [
        "http://tool.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://user:word@tool.example/",
        "https://other.example:8443/",
    ],
)
def test_an_address_inside_is_not_called(tool: Tool, url: str) -> None:
    with pytest.raises(SendFailed, match="webhook_address"):
        send(courier(tool, url=url), message())
    assert tool.calls == []
