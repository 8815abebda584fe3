"""Leaving: by a click in the shop, by deleting the plugin, by our own word; and before anybody agreed to
anything, not a byte goes to the app."""

from __future__ import annotations

import html
import json
import re
import subprocess

from app.services.install import Attempt, connect
from flows.commerce import Platform
from tests.plugin.conftest import Pair
from tests.plugin.php import PLUGIN, php
from tests.plugin.shop import CUSTOMER, WORDPRESS, PhpShop

PAGE = "/wp-admin/admin.php?page=doorstep"


def state_of(pair: Pair) -> str:
    return str(pair.site.rows("SELECT state FROM shops")[0].state)


def with_webhooks(shop: PhpShop, app: str) -> None:
    """Two of the app's, one of somebody else."""
    state = shop.state
    state["tables"]["wp_wc_webhooks"] = [
        {"webhook_id": 1, "delivery_url": f"{app}/webhooks/woocommerce/a-token"},
        {"webhook_id": 2, "delivery_url": "https://elsewhere.example/hook"},
        {"webhook_id": 3, "delivery_url": f"{app}/webhooks/woocommerce/a-token"},
    ]
    (shop.folder / "state.json").write_text(json.dumps(state), "utf-8")


def nothing_is_left(shop: PhpShop) -> None:
    """Our settings, key and webhooks; what is not ours stays."""
    assert shop.kept == {}
    tables = shop.state["tables"]
    assert [row["webhook_id"] for row in tables["wp_wc_webhooks"]] == [2]
    assert [row["key_id"] for row in tables["wp_woocommerce_api_keys"]] == [12, 13]


def disconnect_form(page: str) -> tuple[str, dict[str, str]]:
    """The address and the fields of the form that leaves."""
    for form in re.findall(r"<form.*?</form>", page, re.S):
        fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
        if "_wpnonce" in fields:
            address = html.unescape(re.findall(r'action="([^"]+)"', form)[0])
            path = "/" + address.partition("://")[2].partition("/")[2] if "://" in address else address
            return path, {name: html.unescape(value) for name, value in fields.items()}
    raise AssertionError(page)


def test_the_merchant_leaves(pair: Pair) -> None:
    with_webhooks(pair.shop, pair.line.address)
    merchant = pair.shop.logged_in()
    path, fields = disconnect_form(leave_page(pair, merchant))
    answer = pair.shop.call("POST", path, data=fields, headers=merchant)
    assert answer.status_code == 302, answer.text
    nothing_is_left(pair.shop)
    (left,) = pair.line.messages("left")
    assert json.loads(left.body) == {"reason": "disconnected"}
    assert state_of(pair) == "uninstalled"


def leave_page(pair: Pair, merchant: dict[str, str]) -> str:
    """Where the form that leaves is: on the page itself, or on the page about the connection."""
    page = pair.shop.call("GET", PAGE, headers=merchant).text
    if "_wpnonce" in page:
        return page
    for address in re.findall(r'href="([^"]*page=doorstep[^"]*)"', page):
        path = html.unescape(address).replace("https://larkhus.example", "")
        page = pair.shop.call("GET", path, headers=merchant).text
        if "_wpnonce" in page:
            return page
    raise AssertionError(page)


def test_nobody_leaves_in_the_merchant_s_name(pair: Pair) -> None:
    """Without the nonce, with another user's, or without being logged in."""
    path, fields = disconnect_form(leave_page(pair, pair.shop.logged_in()))
    for user, sent in (
        (pair.shop.logged_in(), {**fields, "_wpnonce": "0000000000"}),
        (pair.shop.logged_in(), {name: value for name, value in fields.items() if name != "_wpnonce"}),
        (pair.shop.logged_in(CUSTOMER), fields),
        ({}, fields),
    ):
        assert pair.shop.call("POST", path, data=sent, headers=user).status_code in (302, 400, 403)
        assert pair.shop.kept["secret"] == pair.secret
    assert pair.line.messages("left") == [] and state_of(pair) == "connected"


def test_a_word_that_is_said_again_does_not_close_what_came_later(pair: Pair) -> None:
    merchant = pair.shop.logged_in()
    path, fields = disconnect_form(leave_page(pair, merchant))
    pair.shop.call("POST", path, data=fields, headers=merchant)
    (left,) = pair.line.messages("left")
    assert state_of(pair) == "uninstalled"
    at = pair.site.runtime
    attempt = Attempt(Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example")
    keys = {"consumer_key": "ck_new", "consumer_secret": "cs_new"}
    connect(at.database, at.keys, attempt, keys, at.clock.now(), at.clock.real())
    assert state_of(pair) == "connected"
    assert pair.line.send(left).status_code == 200
    assert state_of(pair) == "connected"
    for place in range(0, len(left.body), 3):
        body = left.body[:place] + bytes([left.body[place] ^ 4]) + left.body[place + 1 :]
        assert pair.line.send(left, body=body).status_code == 401


def test_who_deletes_the_plugin_leaves(pair: Pair) -> None:
    with_webhooks(pair.shop, pair.line.address)
    done = uninstall(pair.shop)
    assert done.returncode == 0, done.stderr
    nothing_is_left(pair.shop)
    assert [name for name in pair.shop.state["options"] if "doorstep" in name] == []
    (left,) = pair.line.messages("left")
    assert json.loads(left.body) == {"reason": "uninstalled"}
    assert state_of(pair) == "uninstalled"


def test_uninstalling_without_the_app_removes_everything_all_the_same(pair: Pair) -> None:
    with_webhooks(pair.shop, pair.line.address)
    pair.line.deaf = True
    assert uninstall(pair.shop).returncode == 0
    nothing_is_left(pair.shop)


def uninstall(shop: PhpShop) -> subprocess.CompletedProcess[str]:
    """As WordPress does it: the plugin is not loaded, its uninstall.php is."""
    script = (
        f"define( 'WP_UNINSTALL_PLUGIN', 'doorstep/doorstep.php' ); require '{WORDPRESS / 'load.php'}';"
        f" require '{PLUGIN / 'uninstall.php'}';"
    )
    return subprocess.run(
        [php(), "-r", script], env=shop.environ(), capture_output=True, text=True, timeout=60, check=False
    )


def test_before_the_merchant_agreed_nothing_is_said(apart: Pair) -> None:
    """Orders, mails, pages, the back office, demands by law: the app hears of none of it."""
    shop = apart.shop
    shop.test("order", id=1, data={"status": "pending", "email": "kim.vale@example.com"})
    for status in ("processing", "completed", "cancelled"):
        shop.test("status", id=1, to=status)
    shop.test("refund", id=1)
    shop.test("fulfil", id=1)
    assert shop.test("mail", id="customer_processing_order")["goes"] is True
    for method in ("GET", "POST"):
        assert shop.call(method, "/apps/doorstep/track/", data={"number": "1"}).status_code == 404
    page = shop.call("GET", PAGE, headers=shop.logged_in())
    assert page.status_code == 200 and "<iframe" not in page.text
    assert "woocommerce/install?shop=" in html.unescape(page.text)
    assert shop.run("return export_person( 'kim.vale@example.com' );")["data"] == []
    shop.run("return erase_person( 'kim.vale@example.com' );")
    assert apart.line.heard == []
