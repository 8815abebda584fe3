"""Keys that a merchant has made by hand: proved in the shop, kept only then, and shown to nobody."""

from __future__ import annotations

import logging
import re
from html import unescape
from typing import Any

import pytest

from app.clock import Clock
from app.web.connect_by_keys import MOST_PER_TEN_MINUTES
from app.words.connect_words import told
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import Finding
from tests.app.web.connecting import HOME, KEYS, STATUS, Connecting, connecting, shop

__all__ = ["connecting", "shop"]

NAME = "new-shop.example"
AUTH = {"code": "woocommerce_rest_authentication_error", "data": {"status": 401}}
VIEW = {"code": "woocommerce_rest_cannot_view", "data": {"status": 401}}


def test_the_form_says_where_they_are_made(connecting: Connecting) -> None:
    page = connecting.site.client.get("/woocommerce/keys?shop=new-shop.example").text
    assert "WooCommerce, Settings, Advanced, REST API" in page
    assert (
        unescape(page).count("https://new-shop.example/wp-admin/admin.php?page=wc-settings&tab=advanced") == 1
    )
    assert 'type="password"' in page and 'method="post"' in page
    assert "wp-admin" not in connecting.site.client.get("/woocommerce/keys?shop=javascript:x").text
    assert connecting.store.calls == []


def test_keys_that_read_and_write_connect_the_shop(connecting: Connecting) -> None:
    answer = connecting.type_keys("new-shop.example/")
    assert answer.status_code == 303
    end = answer.headers["Location"]
    assert re.fullmatch(r"/woocommerce/return\?user_id=[\w-]{43}", end)
    page = connecting.site.client.get(end)
    assert "Your shop is connected" in page.text and f"{connecting.new}/wp-admin/" in page.text
    assert connecting.shops()[NAME] == KEYS["consumer_key"]
    assert connecting.store.asked() == ["GET system_status", "POST webhooks"]
    used = connecting.hand_over(end.rpartition("=")[2])
    assert used.status_code == 400, "the reference of the end page takes no keys"


def test_the_proof_makes_nothing(connecting: Connecting) -> None:
    connecting.type_keys()
    (post,) = [call for call in connecting.store.calls if call.method == "POST"]
    assert post.body == {"topic": "doorstep.may-we-write"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"consumer_key": ""}, "consumer_key"),
        ({"consumer_key": KEYS["consumer_secret"]}, "consumer_key"),
        ({"consumer_key": "ck_" + "A" * 40}, "consumer_key"),
        ({"consumer_secret": KEYS["consumer_key"]}, "consumer_secret"),
        ({"consumer_secret": "cs_" + "b" * 39}, "consumer_secret"),
        ({"shop": "https://127.0.0.1"}, "shop"),
        ({"shop": ""}, "shop"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    connecting: Connecting, changes: dict[str, str], name: str
) -> None:
    answer = connecting.site.client.post("/woocommerce/keys", data={"shop": NAME, **KEYS, **changes})
    assert answer.status_code == 422 and f'id="{name}-error"' in answer.text
    assert connecting.store.calls == [] and NAME not in connecting.shops()


IN_THE_WAY: tuple[tuple[str, str, int, Any], ...] = (
    (found.KEYS_REFUSED, "GET system_status", 401, AUTH),
    (found.KEYS_REFUSED, "GET system_status", 401, VIEW),
    (found.LOST_RIGHTS, "GET system_status", 403, VIEW),
    (found.READ_ONLY, "POST webhooks", 401, AUTH),
    (found.PLAIN_PERMALINKS, "GET /wp-json/", 404, "<html>"),
)


@pytest.mark.parametrize(("key", "what", "status", "body"), IN_THE_WAY)
def test_keys_that_do_not_are_not_kept(
    connecting: Connecting, key: str, what: str, status: int, body: Any
) -> None:
    if key == found.PLAIN_PERMALINKS:
        connecting.refuses("<html>", 404, {"Content-Type": "text/html"})
        connecting.store.answers["GET /"].clear()
        connecting.store.will("GET /", {"namespaces": ["wc/v3"]})
    else:
        connecting.store.answers[f"{what.partition(' ')[0]} /wp-json/wc/v3/{what.partition(' ')[2]}"].clear()
        connecting.store.will(what, body, status)
    answer = connecting.type_keys()
    words = told(Finding(key))
    assert answer.status_code == 422 and words.title in unescape(answer.text)
    assert NAME not in connecting.shops() and connecting.attempts() == 0


def test_the_keys_are_never_shown_nor_logged(
    connecting: Connecting, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = [connecting.type_keys("nonsense"), connecting.type_keys()]
    connecting.refuses(AUTH, 401)
    pages.append(connecting.type_keys(HOME))
    pages.append(connecting.type_keys(consumer_secret="cs_" + "d" * 39))
    connecting.refuses("", 301, {"Location": "https://www.new-shop.example/"})
    pages.append(connecting.type_keys())
    for answer in pages:
        whole = f"{answer.headers} {answer.text} {caplog.text}"
        for secret in (*KEYS.values(), "d" * 39):
            assert secret not in whole
        assert answer.headers.get("Cache-Control", "no-store") == "no-store"
    kept = connecting.site.runtime.queue.redis
    assert not any(secret in str(kept.keys("*")) for secret in KEYS.values())


def test_wrong_keys_leave_a_connected_shop_as_it_is(connecting: Connecting) -> None:
    before = connecting.shops()
    connecting.store.answers["GET /wp-json/wc/v3/system_status"].clear()
    connecting.store.will("GET system_status", VIEW, 401)
    assert connecting.type_keys(HOME).status_code == 422
    assert connecting.shops() == before


def test_keys_are_tried_so_often_and_no_more(connecting: Connecting, monkeypatch: pytest.MonkeyPatch) -> None:
    now = connecting.site.runtime.clock.real()
    monkeypatch.setattr(Clock, "real", lambda _: now)
    connecting.store.answers["GET /wp-json/wc/v3/system_status"].clear()
    connecting.store.will("GET system_status", AUTH, 401)
    assert {connecting.type_keys().status_code for _ in range(MOST_PER_TEN_MINUTES)} == {422}
    asked = len(connecting.store.calls)
    assert connecting.type_keys().status_code == 429 and len(connecting.store.calls) == asked
    connecting.store.answers["GET /wp-json/wc/v3/system_status"][:] = []
    connecting.store.will("GET system_status", STATUS)
    other = {"data": {"shop": NAME, **KEYS}, "environ_base": {"REMOTE_ADDR": "192.0.2.9"}}
    assert connecting.site.client.post("/woocommerce/keys", **other).status_code == 303


def test_keys_in_the_address_are_not_read(connecting: Connecting) -> None:
    answer = connecting.site.client.post("/woocommerce/keys", query_string={"shop": NAME, **KEYS})
    assert answer.status_code == 422 and connecting.store.calls == []


def test_a_form_that_is_too_large(connecting: Connecting) -> None:
    answer = connecting.type_keys(consumer_key="ck_" + "a" * 20_000)
    assert answer.status_code == 413 and connecting.store.calls == []
