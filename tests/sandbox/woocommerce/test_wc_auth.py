"""The approval screens: who gets keys, who is told, and what happens when nobody listens."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests.sandbox.woocommerce.running import Store, recorded
from tests.sandbox.woocommerce.shapes import differences, shape_of

WISH = {
    "app_name": "Doorstep",
    "scope": "read_write",
    "user_id": "one-time-token-9",
    "return_url": "https://doorstep.example/woocommerce/return",
    "callback_url": "https://doorstep.example/woocommerce/callback/one-time-token-9",
}
_COOKIE = "wordpress_logged_in"


def _log_in(store: Store) -> dict[str, str]:
    user = {"username": "merchant", "password": "sandbox"}
    answer = store.call("POST", "/wc-auth/v1/login", params=WISH, data=user)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/wc-auth/v1/authorize?app_name=Doorstep")
    return {"Cookie": f"{_COOKIE}={answer.cookies[_COOKIE]}"}


def _approve(store: Store, **changed: str) -> Any:
    cookie = _log_in(store)
    page = store.call("GET", "/wc-auth/v1/authorize", params=WISH | changed, headers=cookie)
    assert page.status_code == 200, page.text
    (action,) = re.findall(r'action="([^"]+)"', page.text)
    (nonce,) = re.findall(r'name="wc_auth_nonce" value="([^"]+)"', page.text)
    return store.call("POST", unescape(action), data={"wc_auth_nonce": nonce}, headers=cookie)


def test_a_stranger_is_sent_to_the_login_first(quiet_store: Store) -> None:
    answer = quiet_store.call("GET", "/wc-auth/v1/authorize", params=WISH)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/wc-auth/v1/login?app_name=Doorstep&scope=read_write")
    refused = quiet_store.call(
        "POST", "/wc-auth/v1/login", params=WISH, data={"username": "merchant", "password": "x"}
    )
    assert refused.status_code == 403


def test_approving_hands_the_keys_over_before_the_browser_returns(store: Store) -> None:
    answer = _approve(store)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{WISH['return_url']}?success=1&user_id=one-time-token-9"
    (handed,) = store.receiver.got
    real = recorded("wc_auth_callback")
    assert handed.path == "/woocommerce/callback/one-time-token-9"
    assert set(handed.headers) == set(real["headers"])
    for name in ("Accept", "Accept-Encoding", "Connection", "Content-Type"):
        assert handed.headers[name] == real["headers"][name]
    assert handed.headers["User-Agent"] == f"WordPress/6.8.8; https://{store.shop}"
    assert handed.headers["Host"] == "doorstep.example"
    assert differences(handed.body, shape_of([real["body"]])) == []
    assert re.fullmatch("ck_[0-9a-f]{40}", handed.body["consumer_key"])
    assert re.fullmatch("cs_[0-9a-f]{40}", handed.body["consumer_secret"])
    assert (handed.body["user_id"], handed.body["key_permissions"]) == ("one-time-token-9", "read_write")
    store.key = handed.body["consumer_key"], handed.body["consumer_secret"]
    assert store.read("orders")


@pytest.mark.parametrize("status", [201, 204, 302, 500])
def test_any_answer_but_200_takes_the_keys_back(store: Store, status: int) -> None:
    store.receiver.status = lambda number: status
    answer = _approve(store)
    assert answer.status_code == 401
    (handed,) = store.receiver.got
    store.key = handed.body["consumer_key"], handed.body["consumer_secret"]
    assert store.rest("GET", "orders").status_code == 401


def test_denying_is_a_link_and_makes_no_key(store: Store) -> None:
    page = store.call("GET", "/wc-auth/v1/authorize", params=WISH, headers=_log_in(store))
    link = f"{WISH['return_url']}?success=0&amp;user_id=one-time-token-9"
    assert f'href="{link}"' in page.text
    assert "<strong>doorstep.example</strong>" in page.text
    assert store.receiver.got == []


@pytest.mark.parametrize("missing", sorted(WISH))
def test_all_five_parameters_are_needed(quiet_store: Store, missing: str) -> None:
    answer = quiet_store.call("GET", "/wc-auth/v1/authorize", params=WISH | {missing: ""})
    assert answer.status_code == 401
    assert f"Missing parameter {missing}" in answer.text


@pytest.mark.parametrize(
    ("name", "value"), [("callback_url", "http://doorstep.example/cb"), ("scope", "everything")]
)
def test_what_cannot_be_is_refused(quiet_store: Store, name: str, value: str) -> None:
    answer = quiet_store.call("GET", "/wc-auth/v1/authorize", params=WISH | {name: value})
    assert answer.status_code == 401


def test_names_of_apps_are_text_only(quiet_store: Store) -> None:
    page = quiet_store.call(
        "GET", "/wc-auth/v1/login", params=WISH | {"app_name": "<script>alert(1)</script>"}
    )
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_without_the_nonce_of_the_page_nothing_is_approved(store: Store) -> None:
    cookie = _log_in(store)
    for data in ({}, {"wc_auth_nonce": "guessed"}):
        answer = store.call("POST", "/wc-auth/v1/access_granted", params=WISH, data=data, headers=cookie)
        assert answer.status_code == 401
    assert store.receiver.got == []


def test_a_read_only_scope_gives_a_read_only_key(store: Store) -> None:
    _approve(store, scope="read")
    (handed,) = store.receiver.got
    assert handed.body["key_permissions"] == "read"
