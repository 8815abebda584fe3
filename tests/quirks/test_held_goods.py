"""Which orders and shops have their mails held back at all."""

from __future__ import annotations

from datetime import timedelta

from tests.quirks.held import (
    COMPLETED,
    PROCESSING,
    held,
    sent,
    settled,
    stored,
)
from tests.quirks.living import CONFIRMED, Home


def _all_goods(home: Home, **kind: bool) -> None:
    for product in home.store.read("products"):
        home.store.rest("PUT", f"products/{product['id']}", json=kind)


def test_goods_that_are_downloaded_have_the_shops_mail_and_none_of_ours(home: Home) -> None:
    _all_goods(home, downloadable=True)
    order = home.order()
    home.rest()
    settled(home)
    assert (home.steps(), sent(home, order)) == ([], [PROCESSING])
    assert held(home) == {}


def test_what_no_parcel_leaves_for_is_completed_by_the_shop(home: Home) -> None:
    """Ours confirms it; that it is complete is the shop's to say."""
    home.quirks(drop=True, hints=False)
    order = home.order()
    shop, body = stored(home, order)
    ways = [way | {"method_id": "local_pickup"} for way in body["shipping_lines"]]
    shop.write("order", order["id"], body | {"shipping_lines": ways})
    home.quirks(drop=False, hints=True)
    home.store.act(order, "status", status="completed")
    home.rest()
    settled(home)
    assert sent(home, order) == [COMPLETED]
    assert home.steps() == [CONFIRMED]
    assert held(home) == {PROCESSING: "replaced"}


def test_shops_whose_orders_are_read_hold_back_and_others_do_not(home: Home) -> None:
    home.later(minutes=31)
    home.look("orders")
    home.look_now("hooks")
    assert home.one("SELECT pushed->'mails_off' FROM store_health") != []
    home.quirks(garbage=True)
    home.later(minutes=31)
    home.look("orders")
    home.quirks(garbage=False)
    home.rows("UPDATE polls SET next_at = :at RETURNING 1", at=home.real() + timedelta(hours=1))
    home.look_now("hooks")
    assert home.one("SELECT pushed->'mails_off' FROM store_health") == []
    order = home.order()
    home.rest()
    assert (sent(home, order), home.steps()) == ([PROCESSING], [])
    home.look("orders")
    home.look("hooks")
    assert home.one("SELECT pushed->'mails_off' FROM store_health") != []
