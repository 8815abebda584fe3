"""Who gets in at the webhook door."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import Delivery, Refused
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.webhooks import COMPLIANCE, NEXT_HEADERS, sign_webhook, verify_webhook
from connectors.shopify.webhooks import HEADERS as LIVE
from tests.connectors.shopify.samples import BODIES, sample_text
from tests.proof import Count, Figure

SECRET, OLD = "shpss_" + "1" * 32, "shpss_" + "0" * 32
BODY = b'{"id": 1, "note": "caf\\u00e9"}'
HEADERS = {
    "x-shopify-topic": "orders/create",
    "x-shopify-shop-domain": "hollow-pine.myshopify.com",
    "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "x-shopify-api-version": "2026-10",
}


def _signed(*, secret: str = SECRET, **changed: str | None) -> Delivery:
    own = {"x-shopify-hmac-sha256": sign_webhook(BODY, secret)["X-Shopify-Hmac-Sha256"]}
    headers = {**HEADERS, **own, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return Delivery({name: value for name, value in headers.items() if value is not None}, BODY)


def _status(delivery: Delivery, secrets: tuple[str, ...] = (SECRET,)) -> int:
    try:
        verify_webhook(delivery, secrets)
    except Refused as refused:
        return refused.status
    return 200


def test_the_signature_is_base64_of_hmac_sha256_over_the_raw_bytes() -> None:
    expected = base64.b64encode(hmac.new(SECRET.encode(), BODY, sha256).digest()).decode()
    assert sign_webhook(BODY, SECRET) == {"X-Shopify-Hmac-Sha256": expected}


def test_a_signed_delivery_names_topic_shop_and_its_key() -> None:
    seen = ShopifyConnector().verify_webhook(_signed(), (SECRET,))
    assert (seen.topic, seen.shop, seen.hint, seen.ignored) == (
        "orders/create",
        "hollow-pine.myshopify.com",
        False,
        None,
    )
    assert seen.dedupe == "orders/create:b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"


def test_the_same_delivery_id_under_another_topic_is_another_delivery() -> None:
    one = verify_webhook(_signed(), (SECRET,))
    two = verify_webhook(_signed(x_shopify_topic="orders/paid"), (SECRET,))
    assert one.dedupe != two.dedupe


def test_the_shop_is_lower_case() -> None:
    delivery = _signed(x_shopify_shop_domain="Hollow-Pine.MyShopify.com")
    assert verify_webhook(delivery, (SECRET,)).shop == "hollow-pine.myshopify.com"


def test_both_secrets_of_a_rotation_count() -> None:
    assert _status(_signed(secret=OLD), (SECRET, OLD)) == 200
    assert _status(_signed(secret=SECRET), (SECRET, OLD)) == 200
    assert _status(_signed(secret=OLD), (SECRET,)) == 401


def test_an_empty_secret_signs_nothing() -> None:
    assert _status(_signed(secret=""), ("",)) == 401
    assert _status(_signed(secret=""), (SECRET, "")) == 401
    assert _status(_signed(), ()) == 401


_GOOD_SIGNATURE = sign_webhook(BODY, SECRET)["X-Shopify-Hmac-Sha256"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        "x",
        _GOOD_SIGNATURE[:-1],
        _GOOD_SIGNATURE + "=",
        _GOOD_SIGNATURE.lower(),
        f"{_GOOD_SIGNATURE},{_GOOD_SIGNATURE}",
        f"{_GOOD_SIGNATURE}, {_GOOD_SIGNATURE}",
        f"{_GOOD_SIGNATURE} ",
        f"sha256={_GOOD_SIGNATURE}",
        hmac.new(SECRET.encode(), BODY, sha256).hexdigest(),
        "é" * 44,
        "\udc80" * 44,
    ],
    ids=ascii,
)
def test_wrong_missing_or_doubled_signatures_are_401(value: str | None) -> None:
    assert _status(_signed(x_shopify_hmac_sha256=value)) == 401


@pytest.mark.parametrize("name", ["x-shopify-topic", "x-shopify-shop-domain", "x-shopify-webhook-id"])
def test_other_missing_headers_are_400(name: str) -> None:
    signed = _signed()
    without = {key: value for key, value in signed.headers.items() if key != name}
    for headers in (without, {**without, name: ""}):
        assert _status(Delivery(headers, signed.body)) == 400


@pytest.mark.parametrize(
    "shop",
    [
        "evil.example",
        "hollow-pine.myshopify.com,hollow-pine.myshopify.com",
        "hollow-pine.myshopify.com\n",
        "a.b.myshopify.com",
    ],
)
def test_a_shop_header_that_names_no_shop_is_401(shop: str) -> None:
    assert _status(_signed(x_shopify_shop_domain=shop)) == 401


@pytest.mark.parametrize(
    "topic", ["orders", "orders/create,orders/create", "orders/../create", "o" * 99 + "/x", "orders/ü"]
)
def test_a_topic_that_is_none_is_400(topic: str) -> None:
    assert _status(_signed(x_shopify_topic=topic)) == 400


@pytest.mark.parametrize("number", ["a b", "x" * 201, "\x00", "é"])
def test_a_delivery_id_that_is_none_is_400(number: str) -> None:
    assert _status(_signed(x_shopify_webhook_id=number)) == 400


def test_topics_with_dots_and_unknown_topics_come_in() -> None:
    assert _status(_signed(x_shopify_topic="customer.tags_added")) == 200
    assert _status(_signed(x_shopify_topic="moon/landed")) == 200


def test_no_flipped_byte_gets_in(count: Count, figure: Figure) -> None:
    """Each byte of sample bodies, the shortest first, one bit changed."""
    topics = (str(path.relative_to(BODIES).with_suffix("")) for path in BODIES.rglob("*.json"))
    bodies = sorted((sample_text(topic).encode() for topic in topics), key=len)
    assert len(bodies) >= 200
    flipped = 0
    for body in bodies[: count(40, 200)]:
        signature = sign_webhook(body, SECRET)["X-Shopify-Hmac-Sha256"]
        headers = {**HEADERS, "x-shopify-hmac-sha256": signature}
        assert _status(Delivery(headers, body)) == 200
        for at in range(len(body)):
            broken = body[:at] + bytes([body[at] ^ (1 << at % 8)]) + body[at + 1 :]
            assert _status(Delivery(headers, broken)) == 401
            flipped += 1
    assert flipped > 1000
    figure("flips", flipped)


def test_the_same_json_written_otherwise_is_not_signed() -> None:
    rewritten = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    assert rewritten != BODY
    assert _status(Delivery(_signed().headers, rewritten)) == 401


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*HEADERS, "x-shopify-hmac-sha256"]), st.text(max_size=80)),
    st.binary(max_size=200),
)
def test_strangers_are_refused_without_any_other_error(headers: dict[str, str], body: bytes) -> None:
    assert _status(Delivery(headers, body)) == 401


def _coming(delivery: Delivery) -> Delivery:
    """The same in the spelling of the next generation."""
    other = {live.lower(): NEXT_HEADERS[name].lower() for name, live in LIVE.items()}
    return Delivery({other[name]: value for name, value in delivery.headers.items()}, delivery.body)


def test_both_spellings_of_the_headers_say_the_same() -> None:
    live, coming = (verify_webhook(one, (SECRET,)) for one in (_signed(), _coming(_signed())))
    assert live == coming
    assert _status(_coming(_signed(secret=OLD))) == 401
    assert set(LIVE) == set(NEXT_HEADERS)
    assert not {one.lower() for one in LIVE.values()} & {one.lower() for one in NEXT_HEADERS.values()}


def test_a_mixture_of_spellings_is_read_in_the_live_one() -> None:
    """Nothing that is unsigned in one spelling counts because the other one is signed."""
    live, coming = _signed(), _coming(_signed(x_shopify_shop_domain="evil.myshopify.com"))
    seen = verify_webhook(Delivery({**coming.headers, **live.headers}, BODY), (SECRET,))
    assert seen.shop == "hollow-pine.myshopify.com"
    broken = _signed(x_shopify_hmac_sha256="no")
    assert _status(Delivery({**coming.headers, **broken.headers}, BODY)) == 401
    unsigned = {name: value for name, value in coming.headers.items() if "hmac" not in name}
    assert _status(Delivery({**unsigned, "x-shopify-hmac-sha256": _GOOD_SIGNATURE}, BODY)) == 400


def test_demands_by_law_are_heard_after_a_shop_has_left() -> None:
    for topic in COMPLIANCE:
        assert verify_webhook(_signed(x_shopify_topic=topic), (SECRET,)).by_law
    assert not verify_webhook(_signed(), (SECRET,)).by_law
    assert not verify_webhook(_signed(x_shopify_topic="app/uninstalled"), (SECRET,)).by_law
