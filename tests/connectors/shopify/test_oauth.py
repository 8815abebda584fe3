"""The authorisation code grant: what is refused, and in which order."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from shopify.session import Session

from connectors.base import Refused
from connectors.shopify.keys import AppKeys
from connectors.shopify.oauth import (
    authorize_url,
    check_callback,
    check_install,
    embedded_url,
    new_state,
)
from connectors.shopify.query_signature import form_hmac

KEYS = AppKeys("key-1", "shpss_" + "1" * 32, "shpss_" + "0" * 32)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SHOP = "hollow-pine.myshopify.com"
STATE = "c3RhdGUgb2YgdGhlIGFydA"

Pairs = list[tuple[str, str]]


def _signed(secret: str = KEYS.secret, **values: str) -> Pairs:
    pairs = list(values.items())
    return [*pairs, ("hmac", form_hmac(pairs, secret))]


def _start(**changed: str) -> Pairs:
    return _signed(**{"shop": SHOP, "timestamp": str(int(NOW.timestamp())), **changed})


def _return(**changed: str) -> Pairs:
    return _start(**{"code": "code-1", "state": STATE, "host": "aG9zdA", **changed})


def _refusal(query: Pairs, state: str | None = STATE, shop: str | None = SHOP) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        check_callback(query, KEYS, NOW, state=state, shop=shop)
    return caught.value.status, caught.value.reason


def test_a_signed_start_names_the_shop() -> None:
    assert check_install(_start(), KEYS, NOW) == SHOP
    assert check_install(_start(shop="Hollow-Pine.myshopify.com"), KEYS, NOW) == SHOP
    assert check_install(
        _signed(KEYS.old_secret or "", shop=SHOP, timestamp=str(int(NOW.timestamp()))), KEYS, NOW
    )


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (_start(shop="evil.example"), 400),
        ([*_start(), ("shop", SHOP)], 400),
        ([("shop", SHOP)], 401),
        (_signed("other", shop=SHOP, timestamp=str(int(NOW.timestamp()))), 401),
        (_signed(shop=SHOP), 401),
        (_start(timestamp="soon"), 401),
        (_start(timestamp="٣"), 401),
        (_start(timestamp=str(int((NOW - timedelta(seconds=91)).timestamp()))), 401),
        (_start(timestamp=str(int((NOW + timedelta(seconds=91)).timestamp()))), 401),
    ],
)
def test_a_bad_start_is_refused(query: Pairs, status: int) -> None:
    with pytest.raises(Refused) as caught:
        check_install(query, KEYS, NOW)
    assert caught.value.status == status


def test_the_grant_page_is_the_shops_own_and_carries_the_state() -> None:
    url = urlsplit(
        authorize_url(SHOP, KEYS, "https://app.example/shopify/callback", STATE, ["read_orders", "x"])
    )
    assert (url.scheme, url.netloc, url.path) == ("https", SHOP, "/admin/oauth/authorize")
    assert parse_qs(url.query) == {
        "client_id": ["key-1"],
        "scope": ["read_orders,x"],
        "redirect_uri": ["https://app.example/shopify/callback"],
        "state": [STATE],
    }


def test_nothing_of_one_installation_stays_behind_in_shopifys_package() -> None:
    authorize_url(SHOP, KEYS, "https://app.example/", STATE)
    check_install(_start(), KEYS, NOW)
    assert (Session.api_key, Session.secret) == (None, None)


def test_no_grant_page_for_what_is_no_shop() -> None:
    with pytest.raises(Refused):
        authorize_url("foo.evil.example", KEYS, "https://app.example/", STATE)


def test_states_are_long_and_never_the_same() -> None:
    states = {new_state() for _ in range(100)}
    assert len(states) == 100
    assert all(len(base64.urlsafe_b64decode(state + "==")) == 16 for state in states)


def test_a_good_return_gives_shop_code_and_host() -> None:
    back = check_callback(_return(), KEYS, NOW, state=STATE, shop=SHOP)
    assert (back.shop, back.code, back.host) == (SHOP, "code-1", "aG9zdA")
    assert "code-1" not in repr(back)


@pytest.mark.parametrize(
    ("changed", "state", "shop", "word"),
    [
        ({"shop": "evil.example"}, STATE, SHOP, "shop parameter"),
        ({"state": "another"}, STATE, SHOP, "state"),
        ({"state": ""}, STATE, SHOP, "state"),
        ({}, None, SHOP, "state"),
        ({}, "", SHOP, "state"),
        ({"state": "é"}, STATE, SHOP, "state"),
        ({}, STATE, "other.myshopify.com", "another shop"),
        ({}, STATE, None, "another shop"),
        ({"timestamp": "1"}, STATE, SHOP, "too old"),
        ({"code": ""}, STATE, SHOP, "no code"),
        ({"code": "a b"}, STATE, SHOP, "no code"),
        ({"code": "x" * 600}, STATE, SHOP, "no code"),
    ],
)
def test_a_bad_return_is_refused(
    changed: dict[str, str], state: str | None, shop: str | None, word: str
) -> None:
    status, reason = _refusal(_return(**changed), state, shop)
    assert status in (400, 401)
    assert word in reason


def test_the_signature_is_checked_before_anything_else() -> None:
    everything_wrong = _signed("other", shop="evil.example", state="x", timestamp="1", code="")
    assert "hmac" in _refusal(everything_wrong)[1]
    assert "shop" in _refusal(_return(shop="evil.example", state="x", timestamp="1", code=""))[1]
    assert "state" in _refusal(_return(state="x", timestamp="1", code=""))[1]
    assert "too old" in _refusal(_return(timestamp="1", code=""))[1]


@pytest.mark.parametrize("name", ["state", "code", "timestamp", "shop"])
def test_a_return_with_a_missing_or_doubled_value_is_refused(name: str) -> None:
    values = dict(_return())
    values.pop("hmac")
    doubled = [*_return(), (name, values[name])]
    assert _refusal(doubled)[0] == 401
    values.pop(name)
    assert _refusal(_signed(**values))[0] in (400, 401)


def _host(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_the_embedded_page_is_in_shopifys_back_office() -> None:
    assert embedded_url(_host("admin.shopify.com/store/hollow-pine"), KEYS) == (
        "https://admin.shopify.com/store/hollow-pine/apps/key-1/"
    )
    assert embedded_url(_host(f"{SHOP}/admin"), KEYS) == f"https://{SHOP}/admin/apps/key-1/"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "%%%",
        "é",
        _host("evil.example/admin"),
        _host("admin.shopify.com.evil.example/store/x"),
        _host("admin.shopify.com/store/x/../../evil"),
        _host("admin.shopify.com/store/x?y"),
        _host("admin.shopify.com@evil.example/store/x"),
        _host(f"{SHOP}/other"),
        _host(f"{SHOP}@evil.example/admin"),
        _host(f"{SHOP}/admin\n"),
        _host("é.myshopify.com/admin"),
    ],
)
def test_no_other_host_is_followed(host: str) -> None:
    assert embedded_url(host, KEYS) is None
