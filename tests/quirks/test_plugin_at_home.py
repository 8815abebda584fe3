"""The plugin in the store and the app behind it: hints, the shop's own mails, order links, leaving."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tests.quirks.living import CONFIRMED, SHIPPED, SHOPPER, Home
from tests.sandbox.woocommerce.pluginland import log_in

OWN = ("customer_processing_order", "customer_completed_order")


def _own(home: Home, order: Any) -> dict[str, bool]:
    """The shop's own mails to the shopper of an order, and whether each was sent."""
    mine = [one for one in home.store.get("/sandbox/mails") if one["order"] == order["id"]]
    return {one["id"]: one["sent"] for one in mine if one["to"] == SHOPPER}


def _wait_for_hints(home: Home, count: int) -> None:
    end = time.monotonic() + 10
    while len(_hints(home)) < count:
        assert time.monotonic() < end, home.store.get("/sandbox/deliveries")[-3:]
        time.sleep(0.02)


def _hints(home: Home) -> list[Any]:
    told = home.store.get("/sandbox/deliveries")
    return [one for one in told if one["topic"] == "plugin.hint" and one["state"] != "open"]


def test_with_hints_a_confirmation_need_not_wait_for_the_stores_clockwork(home: Home) -> None:
    home.quirks(late_seconds=4.0)
    home.order()
    _wait_for_hints(home, 1)
    home.work()
    assert home.steps() == [CONFIRMED], "before the webhook has left"
    assert {one["status"] for one in _hints(home)} == {200}
    home.rest()
    assert home.steps() == [CONFIRMED], "and once only"


def test_without_hints_it_waits(home: Home) -> None:
    home.quirks(late_seconds=2.0, hints=False)
    home.order()
    home.work()
    assert (home.steps(), _hints(home)) == ([], [])
    home.rest()
    assert home.steps() == [CONFIRMED]


def test_hints_alone_are_enough(home: Home) -> None:
    """Every webhook is lost, and nothing is waited for."""
    home.quirks(drop=True, fulfillments=True)
    order = home.order()
    home.rest()
    home.store.act(order, "ship")
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
    home.store.act(order, "refund")
    home.rest()
    assert home.one("SELECT body->>'fully_refunded' FROM orders") == "true"


def test_each_shopper_hears_of_an_order_once_from_the_shop_or_from_us(home: Home) -> None:
    order = home.order()
    home.rest()
    home.store.act(order, "status", status="completed")
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
    assert _own(home, order) == dict.fromkeys(OWN, False)


@pytest.mark.parametrize("quirk", ["app_away", "no_plugin"])
def test_where_the_plugin_hears_nothing_of_us_the_shop_speaks(home: Home, quirk: str) -> None:
    home.quirks(**{quirk: True})
    order = home.order()
    home.store.settle()
    assert _own(home, order) == {"customer_processing_order": True}


def test_an_app_that_died_silences_nobody_for_longer_than_half_an_hour(home: Home) -> None:
    home.door.shut()
    shop = home.store.stores.named(home.store.shop)
    plugin = shop.read("shop", "plugin") or {}
    shop.write("shop", "plugin", plugin | {"received_at": plugin["received_at"] - 1860})
    order = home.order()
    home.store.settle()
    assert _own(home, order) == {"customer_processing_order": True}
    home.door.open()
    home.look("hooks")
    assert _own(home, home.order()) == {"customer_processing_order": False}, "heard of again"


def test_a_bank_transfer_keeps_the_shops_own_mail_with_the_account_number(home: Home) -> None:
    order = home.order(payment="bank_transfer")
    home.rest()
    assert _own(home, order) == {"customer_on_hold_order": True}


def test_a_clock_that_is_hours_off_does_not_spoil_hints(home: Home) -> None:
    home.quirks(clock_hours=7)
    home.look("hooks")
    home.order()
    home.store.settle()
    assert [one["status"] for one in _hints(home)] == [200]
    assert "Its clock is 420 minutes off" in home.page("/connection")


def test_an_unknown_clock_is_refused_until_we_have_spoken(home: Home) -> None:
    home.quirks(clock_hours=-2)
    home.order()
    home.store.settle()
    assert [one["status"] for one in _hints(home)] == [401]
    home.look("hooks")
    home.order(email="next@example.com")
    home.store.settle()
    assert [one["status"] for one in _hints(home)] == [401, 200]


def test_the_thank_you_page_leads_to_the_orders_own_page(home: Home) -> None:
    order = home.order()
    home.rest()
    page = home.store.call("GET", f"/placed?order={order['id']}").text
    (link,) = re.findall(r'href="(/apps/doorstep/o/[^"]+)"', page)
    there = home.store.call("GET", link).headers["Location"]
    assert "/apps/doorstep/t/" in there
    tracking = home.store.call("GET", there[there.index("/apps/") :])
    assert (tracking.status_code, order["number"] in tracking.text) == (200, True)
    stranger = link.replace(f"/{order['id']}/", f"/{int(order['id']) - 1}/")
    answer = home.store.call("GET", stranger)
    assert "/t/" not in answer.headers.get("Location", ""), "to the form where anybody may ask"


def test_disconnecting_in_wordpress_ends_everything_here_at_once(home: Home) -> None:
    order = home.order()
    home.store.act(order, "ship")
    home.store.act(order, "deliver")
    home.rest()
    there = "/wp-admin/admin.php?page=doorstep-connection"
    cookie = log_in(home.store, there)
    page = home.store.call("GET", there, headers=cookie).text
    (nonce,) = re.findall(r'name="nonce" value="([^"]+)"', page)
    gone = home.store.call(
        "POST", "/wp-admin/admin-post.php?action=doorstep_disconnect", data={"nonce": nonce}, headers=cookie
    )
    assert gone.status_code == 303
    assert (home.state(), home.webhooks()) == ("uninstalled", {})
    home.later(days=20)
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
    assert not home.rows("SELECT 1 FROM messages WHERE state IN ('due', 'claimed')")


def test_uninstalled_while_we_were_away_shows_by_the_keys(home: Home) -> None:
    home.door.shut()
    assert home.store.post("/sandbox/plugin/uninstall") == {"status": 0}
    home.door.open()
    home.look("orders")
    assert home.state() == "needs_reconnect"
    assert home.one("SELECT paused_at IS NOT NULL FROM shops WHERE id = :shop")


def test_without_the_plugin_everything_else_works(home: Home) -> None:
    home.quirks(no_plugin=True)
    home.look("hooks", "connection")
    order = home.order()
    home.rest()
    home.store.act(order, "ship")
    home.rest()
    assert (home.state(), home.steps()) == ("connected", [CONFIRMED, SHIPPED])
    assert home.one("SELECT pages_prefix FROM shops WHERE id = :shop") == "", "links lead to us"


@pytest.mark.parametrize("action", ["hint", "left", "export", "erase"])
def test_nobody_else_speaks_for_the_plugin(home: Home, action: str) -> None:
    address = f"{home.runtime.config.address}/woocommerce/plugin/{home.shop.token}/{action}"
    now = str(int(datetime.now(UTC).timestamp()))
    for headers in ({}, {"X-Doorstep-Time": now, "X-Doorstep-Signature": "0" * 64}):
        answer = requests.post(address, b'{"order":"1","event":"refund"}', headers=headers, timeout=10)
        assert answer.status_code == 401
    assert home.state() == "connected" and not home.rows("SELECT 1 FROM wishes")


def test_demands_by_law_come_through_wordpress(home: Home) -> None:
    order = home.order()
    home.rest()
    told = home.store.post("/sandbox/plugin/export", {"email": SHOPPER})
    assert told["status"] == 200 and order["number"] in str(told["answer"]["groups"])
    assert home.store.post("/sandbox/plugin/erase", {"email": SHOPPER})["answer"]["removed"] is True
    home.rest()
    home.later(minutes=1)
    home.rest()
    assert SHOPPER not in str(home.rows("SELECT body, email FROM orders"))
