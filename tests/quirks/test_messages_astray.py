"""Messages that come late, merged, twice, out of order or not at all: the shopper gets each mail once."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.quirks.living import CONFIRMED, SHIPPED, SHOPPER, Home
from tests.sandbox.woocommerce.running import Body


@pytest.fixture(autouse=True)
def no_hints(home: Home) -> None:
    """Webhooks alone: what the plugin tells besides has tests of its own."""
    home.quirks(hints=False)


def _journeys(home: Home, flow: str = "order_confirmation") -> int:
    return int(
        home.one("SELECT count(*) FROM journeys WHERE shop_id = :shop AND flow_key = :flow", flow=flow)
    )


def _of(home: Home, order: Body) -> list[str]:
    return [
        row.step
        for row in home.rows(
            "SELECT flow_key || '/' || step AS step FROM messages WHERE shop_id = :shop AND state = 'sent'"
            " AND order_id = :order ORDER BY sent_at, id",
            order=order["id"],
        )
    ]


def test_a_draft_first_and_the_change_before_the_making(home: Home) -> None:
    home.order()
    home.store.settle()
    told = [one["topic"] for one in home.store.get("/sandbox/deliveries") if one["topic"].startswith("order")]
    assert told == ["order.updated", "order.updated", "order.created"]
    home.rest()
    outcomes = home.outcomes()
    assert outcomes.count("ignored:checkout_draft") == 1
    assert (home.steps(), _journeys(home)) == ([CONFIRMED], 1)


def test_a_cart_that_stays_a_draft_is_no_order(home: Home) -> None:
    order = home.order()
    shop = home.store.stores.named(home.store.shop)
    shop.write("order", order["id"], {**(shop.read("order", order["id"]) or {}), "status": "checkout-draft"})
    home.rest()
    home.look("orders")
    assert (home.steps(), home.rows("SELECT id FROM orders")) == ([], [])


def test_late_messages_tell_the_last_state_only(home: Home) -> None:
    home.quirks(late_seconds=0.8)
    order = home.order(payment="bank_transfer")
    home.store.act(order, "pay")
    home.store.act(order, "status", status="completed")
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
    assert _journeys(home) == 1


def test_merged_changes_make_every_mail_that_is_due(home: Home) -> None:
    home.quirks(merge=True)
    order = home.order(payment="bank_transfer")
    for action in ("pay", "ship"):
        home.store.act(order, action)
    home.store.settle()
    told = [one for one in home.store.get("/sandbox/deliveries") if one["topic"] == "order.updated"]
    assert len(told) == 2, "the draft, and one for everything after it"
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]


def test_four_orders_under_one_delivery_id_are_four_orders(home: Home) -> None:
    home.quirks(same_delivery_id=True)
    orders = [home.order() for _ in range(4)]
    home.rest()
    assert [_of(home, order) for order in orders] == [[CONFIRMED]] * 4


def test_what_was_dropped_is_found_and_counted(home: Home) -> None:
    home.quirks(drop=True)
    orders = [home.order(email=f"p{n}@example.com") for n in range(3)]
    home.rest()
    assert home.rows("SELECT id FROM orders") == []
    home.quirks(drop=False)
    home.look("orders")
    assert [_of(home, order) for order in orders] == [[CONFIRMED]] * 3
    assert home.healed() == 3
    home.look("orders")
    assert home.healed() == 3, "once each"


def test_what_comes_after_it_was_found_changes_nothing(home: Home) -> None:
    home.quirks(late_seconds=1.5)
    order = home.order()
    home.look_now("orders")
    assert _of(home, order) == [CONFIRMED]
    home.rest()
    assert (home.steps(), _journeys(home)) == ([CONFIRMED], 1)


def _failures(home: Home) -> set[int]:
    shop = home.store.stores.named(home.store.shop)
    return {one["failures"] for one in shop.every("webhook") if one["topic"] == "order.created"}


def _fail(home: Home, times: int) -> None:
    """One after the other, as the real queue sends them."""
    home.door.shut()
    for number in range(times):
        home.order(email=f"lost{number}@example.com")
        home.store.settle()
    home.door.open()


def test_seven_failures_in_a_row_switch_a_hook_off_and_it_comes_back(home: Home) -> None:
    _fail(home, 7)
    assert home.webhooks()["order.created"] == home.webhooks()["product.updated"] == "disabled"
    home.look("hooks", "orders")
    assert set(home.webhooks().values()) == {"active"}
    assert [home.steps(f"lost{n}@example.com") for n in range(7)] == [[CONFIRMED]] * 7, "healed, once each"
    assert _failures(home) == {6}, "switching it on again forgives nothing"
    _fail(home, 1)
    assert home.webhooks()["order.created"] == "disabled", "one more is enough"
    home.look("hooks", "orders")
    assert home.webhooks()["order.created"] == "active"
    home.order()
    home.rest()
    assert (home.steps(), _failures(home)) == ([CONFIRMED], {0})
    _fail(home, 6)
    assert home.webhooks()["order.created"] == "active"


def test_what_the_merchant_reads_of_hooks_that_fail(home: Home) -> None:
    _fail(home, 7)
    home.look("hooks")
    health = home.rows("SELECT hooks_said, mended FROM store_health WHERE shop_id = :shop")[0]
    assert health.mended >= 2
    assert "order.created: active again, was disabled" in health.hooks_said
    page = home.page("/connection")
    assert "Some had to be put right just now" in page
    assert re.search(r"The last time: \d+ switched on again", page)
    home.later(minutes=3)
    home.look("hooks")
    assert "All of your shop's messages (webhooks) are on" in unescape(home.page("/connection"))


def test_hooks_that_are_gone_paused_doubled_or_led_astray_are_mended(home: Home) -> None:
    shop = home.store.stores.named(home.store.shop)
    by_topic = {one["topic"]: one for one in shop.every("webhook")}
    shop.forget("webhook", by_topic["order.created"]["id"])
    shop.write("webhook", by_topic["order.updated"]["id"], by_topic["order.updated"] | {"status": "paused"})
    astray = by_topic["order.deleted"]
    shop.write(
        "webhook", astray["id"],
        astray | {"delivery_url": f"{home.runtime.config.address}/webhooks/woocommerce/another"},
    )  # fmt: skip
    twin = by_topic["customer.created"]
    number = shop.number("webhook")
    shop.write("webhook", number, twin | {"id": number})
    home.look("hooks")
    assert len(home.webhooks()) == 9
    assert set(home.webhooks().values()) == {"active"}
    urls = {one["delivery_url"] for one in shop.every("webhook")}
    assert len(urls) == 1
    home.order()
    home.rest()
    assert home.steps() == [CONFIRMED]


@pytest.mark.parametrize("seconds", [0.4, 5.0])
def test_a_late_ping_holds_up_nothing_but_the_job(home: Home, seconds: float) -> None:
    shop = home.store.stores.named(home.store.shop)
    (gone,) = [one for one in shop.every("webhook") if one["topic"] == "order.created"]
    shop.forget("webhook", gone["id"])
    home.quirks(ping_seconds=seconds)
    home.look("hooks")
    assert home.webhooks()["order.created"] == "active"
    assert home.state() == "connected"
    home.order()
    home.rest()
    assert home.steps() == [CONFIRMED]


def test_a_product_in_the_trash_is_no_deleted_coupon(home: Home) -> None:
    """The real platform tells it so to whoever listens for coupons."""
    listen = {
        "topic": "coupon.deleted", "name": "by hand", "secret": home.secret(),
        "delivery_url": f"{home.runtime.config.address}/webhooks/woocommerce/{home.shop.token}",
    }  # fmt: skip
    assert home.store.rest("POST", "webhooks", json=listen).status_code == 201
    (candles,) = home.store.read("products", sku="LK-CANDLE-6")
    before = home.rows("SELECT id FROM products ORDER BY id")
    home.store.rest("DELETE", f"products/{candles['id']}")
    home.rest()
    assert sorted(home.outcomes())[-2:] == ["hint:reread", "ignored:topic"]
    assert home.rows("SELECT id FROM products ORDER BY id") == before, "kept, and read again"
    (row,) = home.rows("SELECT body FROM products WHERE id = :id", id=str(candles["id"]))
    assert row.body["published"] is False


def test_a_trashed_order_ends_its_journeys(home: Home) -> None:
    order = home.order()
    home.store.act(order, "ship")
    home.store.act(order, "deliver")
    home.rest()
    home.store.act(order, "trash")
    home.rest()
    assert "hint:reread" in home.outcomes()
    home.later(days=20)
    home.rest()
    assert home.steps(SHOPPER) == [CONFIRMED, SHIPPED]
    ends = home.rows("SELECT end_reason FROM journeys WHERE flow_key = 'review_request'")
    assert [row.end_reason for row in ends] == ["OrderDeleted"]


def test_an_order_that_was_deleted_for_good_is_missed_some_time_later(home: Home) -> None:
    order = home.order()
    home.store.act(order, "ship")
    home.store.act(order, "deliver")
    home.rest()
    home.store.act(order, "delete")
    home.look("trash")
    ends = home.rows("SELECT end_reason FROM journeys WHERE flow_key = 'review_request'")
    assert [row.end_reason for row in ends] == ["OrderDeleted"]
    home.later(days=20)
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
