"""The WordPress back office: who gets in, what it frames, and who gets a token."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from sandbox.woocommerce.plugin import key_for
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.sandbox.woocommerce.running import Store

SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
PAGE = "/wp-admin/admin.php?page=doorstep"
AJAX = "/wp-admin/admin-ajax.php"


def _log_in(store: Store, there: str = PAGE) -> tuple[dict[str, str], str]:
    sent = store.call("GET", there)
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/wp-login.php?redirect_to=")
    form = store.call("GET", sent.headers["Location"])
    (action,) = re.findall(r'method="post" action="([^"]+)"', form.text)
    answer = store.call("POST", unescape(action), data={"username": "merchant", "password": "sandbox"})
    cookie = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    return cookie, answer.headers["Location"]


def _connect(store: Store) -> None:
    body = {"secret": SECRET, "app": store.settings.app_address}
    answer = store.call("POST", "/wp-json/wc-doorstep/v1/settings", json=body, auth=store.key)
    assert answer.status_code == 200


def _frame(page: str) -> dict[str, str]:
    (frame,) = re.findall("<iframe ([^>]*)>", page)
    return {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', frame)}


def _claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, key_for("page", SECRET), algorithms=["HS256"], audience="doorstep")


def test_the_login_leads_to_the_page_that_was_asked_for(quiet_store: Store) -> None:
    cookie, there = _log_in(quiet_store, f"{PAGE}&path=/flows")
    assert there == f"{PAGE}&path=/flows"
    assert quiet_store.call("GET", there, headers=cookie).status_code == 200
    refused = quiet_store.call("POST", "/wp-login.php", data={"username": "merchant", "password": "x"})
    assert (refused.status_code, refused.headers.get("Set-Cookie")) == (403, None)


def test_the_login_never_leads_to_another_site(quiet_store: Store) -> None:
    for there in ("https://elsewhere.example/wp-admin/", "//elsewhere.example", ""):
        answer = quiet_store.call(
            "POST", "/wp-login.php", params={"redirect_to": there},
            data={"username": "merchant", "password": "sandbox"},
        )  # fmt: skip
        assert answer.headers["Location"] == PAGE


def test_a_shop_that_is_not_connected_shows_the_way_to_connect(empty_store: Store) -> None:
    for key in empty_store.stores.named(empty_store.shop).every("key"):
        empty_store.stores.named(empty_store.shop).forget("key", key["consumer_key"])
    cookie, there = _log_in(empty_store)
    page = empty_store.call("GET", there, headers=cookie).text
    assert "<iframe" not in page
    install = f"{empty_store.settings.app_address}/woocommerce/install?shop=https%3A%2F%2F{empty_store.shop}"
    assert f'href="{install}">Connect</a>' in page


def test_the_frame_holds_the_apps_page_with_a_token_of_one_minute(store: Store) -> None:
    _connect(store)
    cookie, _ = _log_in(store)
    frame = _frame(store.call("GET", f"{PAGE}&path=/messages/7", headers=cookie).text)
    address = urlsplit(frame["src"])
    assert f"{address.scheme}://{address.netloc}" == frame["data-origin"] == store.settings.app_address
    assert address.path == "/woocommerce/app/messages/7"
    claims = _claims(parse_qs(address.query)["id_token"][0])
    assert claims["iss"] == claims["dest"] == f"https://{MAIN_SHOP}"
    assert claims["exp"] - claims["iat"] == 60
    assert claims["sub"] and claims["name"]


def test_a_fresh_token_needs_the_session_and_its_nonce(store: Store) -> None:
    _connect(store)
    cookie, _ = _log_in(store)
    address = _frame(store.call("GET", PAGE, headers=cookie).text)["data-token"]
    answer = store.call("POST", address, headers=cookie)
    assert (answer.status_code, _claims(answer.json()["token"])["aud"]) == (200, "doorstep")
    assert store.call("POST", address).status_code == 400, "without a session"
    assert (
        store.call("POST", f"{AJAX}?action=doorstep_token&nonce=guessed", headers=cookie).status_code == 403
    )
    other, _ = _log_in(store)
    assert store.call("POST", address, headers=other).status_code == 403, "another session's nonce"
    assert store.call("GET", address, headers=cookie).status_code == 405


@pytest.mark.parametrize(
    "path", ["//elsewhere.example", "https://elsewhere.example", "/a?b=c", "/../x", "javascript:x"]
)
def test_only_paths_of_the_app_are_framed(store: Store, path: str) -> None:
    _connect(store)
    cookie, _ = _log_in(store)
    page = store.call("GET", "/wp-admin/admin.php", params={"page": "doorstep", "path": path}, headers=cookie)
    assert page.status_code == 404
    assert "<iframe" not in page.text


def test_orders_are_listed_for_the_merchant_only(quiet_store: Store) -> None:
    there = "/wp-admin/admin.php?page=wc-orders"
    cookie, _ = _log_in(quiet_store, there)
    page = quiet_store.call("GET", there, headers=cookie).text
    assert "priya.nair@example.com" in page
    assert 'aria-current="page"' in page
