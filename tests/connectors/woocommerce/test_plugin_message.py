"""Messages of our plugin: what is signed, for how long it counts, and what a body may be."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Refused
from connectors.woocommerce.plugin_message import (
    Message,
    is_proven,
    order_proof,
    read_email,
    read_hint,
    read_message,
)

SECRET = "ab" * 32
NOW = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
BODY = b'{"event":"status","order":"123","from":"pending","to":"processing"}'


def own_key(purpose: bytes, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), purpose, hashlib.sha256).hexdigest().encode()


def signed(
    action: str = "hint", body: bytes = BODY, secret: str = SECRET, seconds: float = 0
) -> dict[str, str]:
    """By this file's own hand."""
    time = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    text = action.encode() + b"\n" + time.encode() + b"\n" + body
    mac = hmac.new(own_key(b"message", secret), text, hashlib.sha256).hexdigest()
    return {"x-doorstep-time": time, "x-doorstep-signature": mac}


def status(headers: dict[str, str], action: str = "hint", body: bytes = BODY, secret: str = SECRET) -> int:
    try:
        read_message(action, headers, body, secret, NOW)
    except Refused as refused:
        return refused.status
    return 200


def test_what_is_signed_counts() -> None:
    message = read_message("hint", signed(), BODY, SECRET, NOW)
    assert message.body == json.loads(BODY)
    assert timedelta() < message.at - NOW < timedelta(seconds=1), "the end of its second"


@pytest.mark.parametrize(("seconds", "told"), [(-300, 200), (300, 200), (-301, 401), (301, 401)])
def test_it_counts_for_five_minutes(seconds: int, told: int) -> None:
    assert status(signed(seconds=seconds)) == told


@pytest.mark.parametrize("purpose", [b"proxy", b"order", b"page", b""])
def test_what_was_signed_for_something_else_is_no_message(purpose: bytes) -> None:
    time = str(int(NOW.timestamp()))
    for key in (own_key(purpose), SECRET.encode()):
        mac = hmac.new(key, f"hint\n{time}\n".encode() + BODY, hashlib.sha256).hexdigest()
        assert status({"x-doorstep-time": time, "x-doorstep-signature": mac}) == 401


def test_nothing_of_it_can_be_changed() -> None:
    assert status(signed(), action="left") == 401, "for another action"
    assert status(signed(), body=BODY.replace(b"123", b"124")) == 401
    assert status(signed(), body=BODY + b" ") == 401
    assert status(signed(), secret="cd" * 32) == 401
    assert status(signed(secret="cd" * 32)) == 401
    assert status(signed(secret="")) == 401
    later = str(int(NOW.timestamp()) + 1)
    assert status({**signed(), "x-doorstep-time": later}) == 401


@pytest.mark.parametrize(
    "time", ["", "now", "-1", "1.5", " 1795669200", "1795669200 ", "1e9", "١٧٩٥٦٦٩٢٠٠", "9" * 13]
)
def test_a_time_that_is_none(time: str) -> None:
    text = b"hint\n" + time.encode() + b"\n" + BODY
    mac = hmac.new(own_key(b"message"), text, hashlib.sha256).hexdigest()
    assert status({"x-doorstep-time": time, "x-doorstep-signature": mac}) == 401


@pytest.mark.parametrize(
    "change", [str.upper, lambda mac: mac[:-1], lambda mac: f"{mac}, {mac}", lambda _: "é"]
)
def test_a_signature_has_one_spelling(change: Any) -> None:
    good = signed()
    assert status({**good, "x-doorstep-signature": change(good["x-doorstep-signature"])}) == 401
    assert status({"x-doorstep-time": good["x-doorstep-time"]}) == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"\xff", b"[" * 50_000, b"{}{}"])
def test_a_body_is_one_object(body: bytes) -> None:
    assert status(signed(body=body), body=body) == 400


def message(**told: Any) -> Message:
    return Message(NOW, told)


def test_a_hint_names_an_order() -> None:
    hint = read_hint(Message(NOW, json.loads(BODY)))
    assert (hint.order_id, hint.reason, hint.of_interest) == (
        "123",
        "hint: status pending -> processing",
        True,
    )
    assert read_hint(message(event="refund", order="9")).reason == "hint: refund"
    assert read_hint(message(event="refund", order="9", **{"from": "", "to": ""})).reason == "hint: refund"
    assert not read_hint(message(event="status", order="9", to="checkout-draft")).of_interest


@pytest.mark.parametrize(
    "order",
    [None, 123, "", "0", "012", "-1", "12.0", "1 ", "1\n", "\uff11\uff12", "9" * 20, "12; --", ["12"], True],
)
def test_an_order_is_a_number_in_text(order: Any) -> None:
    with pytest.raises(Refused) as refused:
        read_hint(message(event="status", order=order))
    assert refused.value.status == 400


@pytest.mark.parametrize("event", [None, 1, "", "two words", "x" * 41, "<b>", "ÄÖ"])
def test_an_event_is_a_word(event: Any) -> None:
    with pytest.raises(Refused):
        read_hint(message(event=event, order="1"))


def test_words_that_are_none_are_not_kept() -> None:
    hint = read_hint(message(event="status", order="1", **{"from": "<script>", "to": 7}))
    assert hint.reason == "hint: status"


@pytest.mark.parametrize(
    "email", [None, 5, "", "nobody", "a b@example.com", "a@b\0c", "@", "a@b@c", "\ud800@x.example", "x" * 300]
)
def test_a_demand_names_an_address(email: Any) -> None:
    with pytest.raises(Refused) as refused:
        read_email(message(email=email))
    assert refused.value.status == 400
    assert read_email(message(email=" Mia@Example.com ")) == "Mia@Example.com"


def test_the_proof_of_an_order() -> None:
    proof = hmac.new(own_key(b"order"), b"123", hashlib.sha256).hexdigest()[:32]
    assert order_proof(SECRET, "123") == proof
    assert is_proven(SECRET, "123", proof)
    for order, other in (
        ("124", proof),
        ("123", proof[:-1]),
        ("123", proof.upper()),
        ("123", ""),
        ("123", "é"),
    ):
        assert not is_proven(SECRET, order, other)
    assert not is_proven("cd" * 32, "123", proof)
