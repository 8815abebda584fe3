from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.base import Malformed, Refused
from connectors.woocommerce.auth import authorize_url, comes_from, named_by, read_hand_over, shop_address
from tests.connectors.woocommerce.recordings import recording


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://larkhus.example", "https://larkhus.example"),
        ("https://larkhus.example/", "https://larkhus.example"),
        (" Larkhus.Example ", "https://larkhus.example"),
        ("HTTPS://LARKHUS.example:443/", "https://larkhus.example"),
        ("https://larkhus.example/store/", "https://larkhus.example/store"),
        ("https://larkhus.example/store?utm_source=x#top", "https://larkhus.example/store"),
        ("https://larkhus.example/wp-admin/admin.php?page=wc-settings", "https://larkhus.example"),
        ("https://larkhus.example/store/wp-login.php", "https://larkhus.example/store"),
        ("https://lärkhus.example", "https://xn--lrkhus-bua.example"),
        ("https://LÄRKHUS.example", "https://xn--lrkhus-bua.example"),
    ],
)
def test_address(typed: str, address: str) -> None:
    assert shop_address(typed) == address
    assert shop_address(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "larkhus",
        "http://larkhus.example",
        "ftp://larkhus.example",
        "javascript:alert(1)",
        "//larkhus.example",
        "https://",
        "https://user@larkhus.example",
        "https://user:pass@larkhus.example",
        "https://larkhus.example@127.0.0.1",
        "https://larkhus.example:8443",
        "https://larkhus.example:x",
        "https://127.0.0.1",
        "127.0.0.1:8002",
        "https://127.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://localhost",
        "https://larkhus.localhost",
        "https://nas.local",
        "https://shop.internal",
        "https://router.lan",
        "https://box.home.arpa",
        "https://larkhus.example.",
        "https://lark hus.example",
        "https://larkhus.example/a b",
        "https://larkhus.example\\@evil.example",
        "https://larkhus.example/\r\nX: y",
        "https://larkhus.example/../etc",
        "https://larkhus.example/%2e%2e",
        "https://larkhus.example//evil.example",
        "https://\uff11\uff12\uff17.0.0.1",
        "https://larkhus\u3002example/\uff05",
        "https://" + "a" * 64 + ".example",
        "https://larkhus.example/" + "a" * 300,
    ],
)
def test_what_is_no_address_of_a_shop(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        shop_address(typed)
    assert caught.value.status == 400


def test_the_merchant_is_sent_to_the_shops_approval_page() -> None:
    target = authorize_url(
        "https://larkhus.example/store",
        reference="r-1 &=",
        callback_url="https://doorstep.example/woocommerce/callback/r-1",
        return_url="http://127.0.0.1:8000/woocommerce/return",
    )
    parts = urlsplit(target)
    assert (parts.netloc, parts.path) == ("larkhus.example", "/store/wc-auth/v1/authorize")
    assert parse_qs(parts.query) == {
        "app_name": ["Doorstep"],
        "scope": ["read_write"],
        "user_id": ["r-1 &="],
        "return_url": ["http://127.0.0.1:8000/woocommerce/return"],
        "callback_url": ["https://doorstep.example/woocommerce/callback/r-1"],
    }
    assert "+" not in parts.query


def test_the_recorded_hand_over_says_where_it_comes_from() -> None:
    """The lab's shop was at a port of its own machine."""
    said = recording("wc_auth_callback").delivery.headers["user-agent"]
    assert named_by(said) == "127.0.0.1:8899"
    assert comes_from(said, "https://127.0.0.1:8899")
    for other in ("https://127.0.0.1", "https://127.0.0.1:8897", "https://127.0.0.1:8899/shop", ""):
        assert not comes_from(said, other)


def test_the_recorded_hand_over() -> None:
    assert read_hand_over(recording("wc_auth_callback").delivery.body, "shop-42.nonce9") == {
        "consumer_key": "ck_a00aa1095d1f501a32760d3dcbd489cc1091fb40",
        "consumer_secret": "cs_ed7cbedc259717a679a86bfa83076d45af728cb3",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": "shop-42.nonce8"},
        {"user_id": None},
        {"user_id": ["shop-42.nonce9"]},
        {"key_permissions": "read"},
        {"key_permissions": None},
        {"consumer_key": "ck_short"},
        {"consumer_key": None},
        {"consumer_secret": "ck_a00aa1095d1f501a32760d3dcbd489cc1091fb40"},
        {"consumer_secret": "cs_ed7cbedc259717a679a86bfa83076d45af728cb3\n"},
        {"consumer_secret": {"a": 1}},
    ],
)
def test_a_hand_over_that_is_not_ours_or_of_no_use(changes: dict[str, Any]) -> None:
    body = json.dumps(recording("wc_auth_callback").payload | changes).encode()
    with pytest.raises(Malformed) as caught:
        read_hand_over(body, "shop-42.nonce9")
    assert "cs_ed7" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_a_hand_over_that_is_no_object(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_hand_over(body, "shop-42.nonce9")
