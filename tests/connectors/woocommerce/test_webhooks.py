from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connectors.base import Delivery, Refused
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.webhooks import SIGNATURE, TOPIC
from tests.connectors.woocommerce.recordings import SECRET, recorded, recording, signed_names

CONNECTOR = WooCommerceConnector()
verify = CONNECTOR.verify_webhook


def test_there_are_recordings() -> None:
    assert len(signed_names()) >= 34


@pytest.mark.parametrize("name", signed_names())
def test_recorded_signature_holds(name: str) -> None:
    for one in recorded(name):
        verified = verify(one.delivery, ("another secret", SECRET))
        assert verified.topic == one.topic
        assert (verified.shop, verified.ignored) == (None, None)


@pytest.mark.parametrize("name", signed_names())
def test_one_flipped_byte_breaks_the_signature(name: str) -> None:
    body = recording(name).delivery.body
    for at in range(0, len(body), max(1, len(body) // 20)):
        flipped = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert refusal(replace(recording(name).delivery, body=flipped)) == 401


@pytest.mark.parametrize("name", signed_names())
def test_json_written_anew_breaks_the_signature(name: str) -> None:
    one = recording(name)
    for body in (json.dumps(one.payload), json.dumps(one.payload, ensure_ascii=False, indent=1)):
        assert json.loads(body) == one.payload
        assert refusal(replace(one.delivery, body=body.encode())) == 401


@pytest.mark.parametrize("name", signed_names())
def test_we_sign_as_the_shop_does(name: str) -> None:
    for one in recorded(name):
        expected = {SIGNATURE: one.delivery.headers[SIGNATURE.lower()]}
        assert CONNECTOR.sign_webhook(one.delivery.body, SECRET) == expected


@pytest.mark.parametrize(
    "signature",
    ["", " ", "AAAA", "x" * 44, "\u00e9" * 44, "\udcff", "R0of5ZVyB+kZqDLHrt6JMYvqrj8qecRiPb/hcEw9xNs"],
)
def test_wrong_signature(signature: str) -> None:
    assert refusal(signed_with(signature)) == 401


def test_doubled_signature_is_none() -> None:
    good = recording("order.created.paid").delivery.headers[SIGNATURE.lower()]
    assert refusal(signed_with(good)) is None
    assert refusal(signed_with(f"{good}, {good}")) == 401
    assert refusal(signed_with(f"{good},{good}")) == 401


def test_missing_signature() -> None:
    delivery = recording("order.created.paid").delivery
    headers = {name: value for name, value in delivery.headers.items() if name != SIGNATURE.lower()}
    assert refusal(replace(delivery, headers=headers)) == 401


@pytest.mark.parametrize(
    "topic", [None, "", "order", "order.created, order.created", "a.b\n", "order." + "x" * 200]
)
def test_missing_or_impossible_topic(topic: str | None) -> None:
    delivery = recording("order.created.paid").delivery
    headers = {name: value for name, value in delivery.headers.items() if name != TOPIC.lower()}
    headers |= {} if topic is None else {TOPIC.lower(): topic}
    assert refusal(replace(delivery, headers=headers)) == 400


def test_unknown_topics_pass_the_door() -> None:
    delivery = recording("order.created.paid").delivery
    headers = {**delivery.headers, TOPIC.lower(): "subscription.created"}
    assert verify(replace(delivery, headers=headers), (SECRET,)).topic == "subscription.created"


def test_without_a_secret_nobody_gets_in() -> None:
    body = b'{"id":1}'
    headers = {TOPIC.lower(): "order.updated", SIGNATURE.lower(): CONNECTOR.sign_webhook(body, "")[SIGNATURE]}
    assert refusal(Delivery(headers, body), ("",)) == 401
    assert refusal(recording("order.created.paid").delivery, ()) == 401


def test_the_ping_is_ignored() -> None:
    verified = verify(recording("ping").delivery, (SECRET,))
    assert verified.ignored == "ping"


@pytest.mark.parametrize(
    ("kind", "body", "extra"),
    [
        ("application/json", b"webhook_id=1", {}),
        ("application/x-www-form-urlencoded", b"webhook_id=1&x=2", {}),
        ("application/x-www-form-urlencoded", b"webhook_id=", {}),
        ("application/x-www-form-urlencoded", b'{"id":1}', {}),
        (
            "application/x-www-form-urlencoded",
            b"webhook_id=1",
            {SIGNATURE.lower(): "x", TOPIC.lower(): "a.b"},
        ),
    ],
)
def test_what_only_looks_like_a_ping(kind: str, body: bytes, extra: dict[str, str]) -> None:
    assert refusal(Delivery({"content-type": kind, **extra}, body)) in (400, 401)


def test_dedupe_tells_object_and_body_and_never_the_delivery_id() -> None:
    first, second = recorded("sequence.same_delivery_id")
    assert (
        first.delivery.headers["x-wc-webhook-delivery-id"]
        == second.delivery.headers["x-wc-webhook-delivery-id"]
    )
    keys = [verify(one.delivery, (SECRET,)).dedupe for one in (first, second)]
    assert keys[0] != keys[1]
    assert all(key.startswith("product.updated:10:") for key in keys)
    other = {**first.delivery.headers, "x-wc-webhook-delivery-id": "0"}
    assert verify(replace(first.delivery, headers=other), (SECRET,)).dedupe == keys[0]


def test_four_orders_under_one_delivery_id_have_four_keys() -> None:
    names = (
        "order.created.paid",
        "order.created.guest_onhold",
        "order.created.eur_variation",
        "order.restored",
    )
    keys = set()
    for name in names:
        delivery = recording(name).delivery
        headers = {**delivery.headers, "x-wc-webhook-delivery-id": "one", TOPIC.lower(): "order.updated"}
        keys.add(verify(replace(delivery, headers=headers), (SECRET,)).dedupe)
    assert len(keys) == 4


def test_the_same_body_under_two_topics_has_two_keys() -> None:
    one, other = recording("customer.created"), recording("customer.updated")
    assert one.delivery.body == other.delivery.body
    assert verify(one.delivery, (SECRET,)).dedupe != verify(other.delivery, (SECRET,)).dedupe


@pytest.mark.parametrize("name", signed_names())
def test_bodies_without_a_time_of_change_are_hints(name: str) -> None:
    one = recording(name)
    assert verify(one.delivery, (SECRET,)).hint == ("date_modified_gmt" not in one.payload)


def test_which_recordings_are_hints() -> None:
    hints = {name for name in signed_names() if verify(recording(name).delivery, (SECRET,)).hint}
    assert "order.deleted" in hints
    assert "order.updated.permission_error" in hints
    assert {name for name in hints if not name.startswith("action.")} == {
        "order.deleted",
        "customer.deleted",
        "product.deleted",
        "coupon.deleted.wrong_resource",
        "order.updated.permission_error",
    }


def refusal(delivery: Delivery, secrets: tuple[str, ...] = (SECRET,)) -> int | None:
    try:
        verify(delivery, secrets)
    except Refused as refused:
        return refused.status
    return None


def signed_with(signature: str) -> Delivery:
    delivery = recording("order.created.paid").delivery
    return replace(delivery, headers={**delivery.headers, SIGNATURE.lower(): signature})
