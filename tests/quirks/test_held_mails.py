"""A mail of the shop's own that was held back is replaced by ours, or the shop sends it after all: whatever
happens in between, the customer is written to, and once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.services.heal import run_poll
from app.services.held_mails import settle_held
from app.services.polls import poke
from app.services.store_writes import run_write
from app.services.switches import switch_off, switch_on
from app.words.plans import FREE
from sandbox.woocommerce import shipments
from sandbox.woocommerce.own_mails import note_mail
from tests.quirks.living import CONFIRMED, SHIPPED, SHOPPER, Home

PROCESSING, COMPLETED = "customer_processing_order", "customer_completed_order"
RENEWAL = "customer_processing_renewal_order"
UNREACHABLE = "taro..y@docomo.ne.jp"


def _sent(home: Home, order: Any) -> list[str]:
    """By the shop itself, to whoever ordered."""
    mine = [one for one in home.store.get("/sandbox/mails") if one["order"] == order["id"]]
    return [one["id"] for one in mine if one["sent"] and one["id"].startswith("customer_")]


def _held(home: Home) -> dict[str, str]:
    return {row.mail: row.state for row in home.rows("SELECT mail, state FROM held_mails")}


def _stored(home: Home, order: Any) -> tuple[Any, Any]:
    shop = home.store.stores.named(home.store.shop)
    return shop, shop.read("order", order["id"])


def _settled(home: Home) -> None:
    home.later(minutes=16)
    home.look("orders")
    home.look("hooks")


def _unheard(home: Home) -> Any:
    """An order that nobody tells us of before we look by ourselves."""
    home.quirks(drop=True, hints=False)
    return home.order()


def _turned_off(home: Home) -> Any:
    order = _unheard(home)
    with home.runtime.database.shops(home.shop.shop_id) as session:
        switch_off(session, home.shop.shop_id, "order_confirmation", home.now())
    home.later(seconds=12)
    return order


def _absent(home: Home) -> Any:
    order = _unheard(home)
    home.later(hours=13)
    return order


def _suppressed(home: Home) -> Any:
    home.mailbox.refused = SHOPPER
    home.order()
    home.rest()
    home.mailbox.refused = ""
    order = home.order()
    home.rest()
    assert home.one("SELECT count(*) FROM suppressions") == 1
    return order


def _refused(home: Home) -> Any:
    home.mailbox.refused = SHOPPER
    order = home.order()
    home.rest()
    return order


def _invalid(home: Home) -> Any:
    order = home.order(email=UNREACHABLE)
    home.rest()
    return order


def _fees_only(home: Home) -> Any:
    order = _unheard(home)
    shop, body = _stored(home, order)
    fee = {"id": 1, "name": "A workshop", "total": body["total"], "total_tax": "0.00", "taxes": []}
    shop.write("order", order["id"], body | {"line_items": [], "fee_lines": [fee]})
    return order


def _cancelled_then_paid(home: Home) -> Any:
    order = home.order(payment="bank_transfer")
    home.rest()
    for status in ("cancelled", "processing"):
        home.later(seconds=30)
        home.store.act(order, "status", status=status)
        home.rest()
    return order


def _plan_used_up(home: Home) -> Any:
    order = _unheard(home)
    for sql in (
        "UPDATE shops SET billed = true WHERE id = :shop RETURNING 1",
        "INSERT INTO orders (shop_id, id, version, number, placed_at, body, counted_at)"
        " SELECT :shop, 'x' || n, :at, n::text, :at, '{}', :at FROM generate_series(1, :n) n RETURNING 1",
    ):
        home.rows(sql, at=home.now(), n=FREE.orders)
    return order


def _stuck(home: Home) -> Any:
    """Ours waits for a server that lets nobody in for hours."""
    home.mailbox.answer = "451 later"
    order = home.order()
    home.rest()
    assert home.one("SELECT state FROM messages") == "due"
    return order


WAYS: tuple[Callable[[Home], Any], ...] = (
    _turned_off, _absent, _suppressed, _refused, _invalid, _fees_only, _cancelled_then_paid, _plan_used_up,
    _stuck,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_where_ours_does_not_leave_the_shops_own_does_and_once(home: Home, way: Any) -> None:
    order = way(home)
    assert PROCESSING not in _sent(home, order), "it was held back"
    _settled(home)
    home.mailbox.answer = "250 OK"
    home.later(hours=2)
    home.look("orders", "hooks")
    ours = [
        row.state
        for row in home.rows(
            "SELECT state FROM messages WHERE order_id = :order AND flow_key = 'order_confirmation'",
            order=order["id"],
        )
    ]
    assert _sent(home, order).count(PROCESSING) + ours.count("sent") == 1, (_sent(home, order), ours)
    assert "customer_cancelled_order" not in _sent(home, order), "it is not so any more"
    (state,) = home.rows(
        "SELECT state FROM held_mails WHERE order_id = :order AND mail = :mail",
        order=order["id"],
        mail=PROCESSING,
    )
    assert state.state == ("replaced" if "sent" in ours else "released")


@pytest.mark.parametrize("way", [_turned_off, _suppressed, _refused, _invalid, _plan_used_up, _stuck])
def test_these_are_for_the_shop_to_send(home: Home, way: Any) -> None:
    order = way(home)
    _settled(home)
    assert _sent(home, order) == [PROCESSING]


def test_ours_of_another_part_does_not_replace_it(home: Home) -> None:
    """One line has left and was told; days later the merchant calls the order completed, and says no more."""
    home.quirks(fulfillments=True)
    two = [one["sku"] for one in home.store.read("products", per_page="50") if _is_plain(one)][:2]
    order = home.order(*two)
    home.rest()
    shop, body = _stored(home, order)
    with shop.documents.transaction():
        first = body["line_items"][0]
        shipments.ship(shop, body, [(str(first["id"]), first["quantity"])], "dhl", "0034001", shop.now())
    home.rest()
    assert home.steps().count(SHIPPED) == 1
    for _ in range(5):
        home.later(minutes=8)
        home.look("orders", "hooks")
    home.store.act(order, "status", status="completed")
    home.rest()
    assert COMPLETED not in _sent(home, order), "it was held back"
    _settled(home)
    assert (home.steps().count(SHIPPED), _sent(home, order)) == (1, [COMPLETED])


def _is_plain(product: Any) -> bool:
    return bool(product["sku"]) and product["type"] == "simple" and not product["virtual"]


def test_ours_that_left_replaces_it(home: Home) -> None:
    order = home.order()
    home.rest()
    home.store.act(order, "status", status="completed")
    home.rest()
    assert _held(home) == {PROCESSING: "held", COMPLETED: "held"}
    _settled(home)
    assert _held(home) == {PROCESSING: "replaced", COMPLETED: "replaced"}
    assert (home.steps(), _sent(home, order)) == ([CONFIRMED, SHIPPED], [])
    assert home.rows("SELECT 1 FROM store_writes WHERE kind = 'release_mail'") == []


LOST = ("customer_cancelled_order", "customer_partially_refunded_order", "customer_refunded_order")


def _lost(home: Home, order: Any) -> tuple[list[str], list[str]]:
    """Ours and the shop's, of what was called off or given back."""
    ours = home.rows(
        "SELECT step FROM messages WHERE order_id = :id AND flow_key = 'cancel_refund_exchange'"
        " AND state = 'sent' ORDER BY id",
        id=order["id"],
    )
    return [row.step for row in ours], [one for one in _sent(home, order) if one in LOST]


def _tells(home: Home, *, on: bool = True) -> None:
    with home.runtime.database.shops(home.shop.shop_id) as session:
        (switch_on if on else switch_off)(session, home.shop.shop_id, "cancel_refund_exchange", home.now())


def test_money_that_goes_back_twice_is_told_twice_and_by_one_of_both(home: Home) -> None:
    order = home.order("LK-SHADE-30", "LK-CANDLE-6")
    home.rest()
    home.store.act(order, "refund", lines=[{"line_id": order["line_ids"][0], "quantity": 1}])
    home.rest()
    assert _lost(home, order) == (["refunded"], [])
    home.later(minutes=20)
    home.look("orders")
    home.mailbox.refused = SHOPPER
    home.store.act(order, "refund")
    home.rest()
    assert _lost(home, order) == (["refunded"], []), "held back"
    _settled(home)
    assert _lost(home, order) == (["refunded"], ["customer_refunded_order"])


def test_a_refund_that_the_shop_told_says_nothing_of_the_next(home: Home) -> None:
    _tells(home, on=False)
    home.later(seconds=12)
    home.look("hooks")
    order = home.order("LK-SHADE-30", "LK-CANDLE-6")
    home.rest()
    one, two = order["line_ids"]
    home.store.act(order, "refund", lines=[{"line_id": one, "quantity": 1}])
    home.rest()
    assert _lost(home, order) == ([], ["customer_partially_refunded_order"])
    _tells(home)
    home.look("hooks")
    home.store.act(order, "refund", lines=[{"line_id": two, "quantity": 1}])
    home.rest()
    ours, theirs = _lost(home, order)
    assert len(ours + theirs) == 2, (ours, theirs)


def test_a_cancellation_is_told_by_one_of_both(home: Home) -> None:
    order = home.order()
    home.rest()
    home.store.act(order, "cancel")
    home.rest()
    assert _lost(home, order) == ([], []), "held back, and ours waits for the money"
    home.later(minutes=11)
    home.look("orders")
    assert _lost(home, order) == (["cancelled"], [])
    _settled(home)
    assert _lost(home, order) == (["cancelled"], [])


def test_nothing_is_asked_for_before_a_quarter_of_an_hour(home: Home) -> None:
    order = _turned_off(home)
    home.later(minutes=13)
    home.look("orders")
    home.look("hooks")
    assert (_held(home), _sent(home, order)) == ({PROCESSING: "held"}, [])


def _gap(home: Home) -> Any:
    shop = home.store.stores.named(home.store.shop)
    plugin = shop.read("shop", "plugin") or {}
    shop.write("shop", "plugin", plugin | {"received_at": plugin["received_at"] - 1860})
    return home.order()


def _not_connected(home: Home) -> Any:
    home.store.stores.named(home.store.shop).forget("shop", "plugin")
    return home.order()


def _renewed(home: Home) -> Any:
    """Another plugin's mail, which nobody holds back."""
    order = _unheard(home)
    shop, body = _stored(home, order)
    note_mail(shop, body, RENEWAL, sent=True)
    shop.write("order", order["id"], body)
    home.look("orders")
    return order


@pytest.mark.parametrize("way", [_gap, _not_connected, _renewed])
def test_where_the_shop_wrote_ours_is_not_sent(home: Home, way: Any) -> None:
    order = way(home)
    home.rest()
    assert home.steps() == []
    (row,) = home.rows("SELECT state, reason FROM messages WHERE order_id = :id", id=order["id"])
    assert (row.state, row.reason) == ("skipped", "shop_wrote")
    home.look("hooks")
    assert home.steps() == []


def test_ours_is_kept_back_from_the_moment_that_the_shops_is_asked_for(home: Home) -> None:
    """Also where the order is read once more before the shop has heard of it."""
    order = _stuck(home)
    home.later(minutes=16)
    home.mailbox.answer = "250 OK"
    at = home.runtime
    assert settle_held(at.database, home.shop.shop_id, home.now(), home.real()) == 1
    assert home.one("SELECT state || ' ' || reason FROM messages") == "cancelled shop_wrote"
    said = "SELECT body->'shop_wrote' ? 'customer_processing_order' FROM orders WHERE id = :id"
    assert home.rows(said, id=order["id"])[0][0]
    with at.database.shops(home.shop.shop_id) as session:
        poke(session, home.shop.shop_id, "orders", home.real() - timedelta(days=1))
    assert run_poll(at.database, at.stores(), home.now(), home.real(), lambda: False)
    assert _sent(home, order) == []
    assert home.rows(said, id=order["id"])[0][0], "read again"
    home.rest()
    assert (home.steps(), _sent(home, order)) == ([], [PROCESSING])


def test_what_was_answered_and_not_heard_is_not_sent_twice(home: Home) -> None:
    order = _turned_off(home)
    _settled(home)
    home.rows("UPDATE store_writes SET state = 'open', next_at = :at RETURNING 1", at=home.real())
    assert run_write(home.runtime.database, home.runtime.stores(), home.real())
    (row,) = home.rows("SELECT state, answer FROM store_writes WHERE kind = 'release_mail'")
    assert row.state == "done" and '"already":true' in row.answer.replace(" ", "")
    assert _sent(home, order) == [PROCESSING]


def test_a_plugin_that_is_away_when_it_is_asked_is_asked_again(home: Home) -> None:
    """Switched off for some minutes, or for a day; the shop itself answers and is not left alone."""
    order = _turned_off(home)
    home.look("orders")
    home.quirks(no_plugin=True)
    _settled(home)
    for _ in range(5):
        home.later(hours=5)
        home.look("orders", "hooks")
    assert _sent(home, order) == []
    assert home.one("SELECT state FROM store_writes WHERE kind = 'release_mail'") == "open"
    home.rows("UPDATE store_writes SET next_at = :at RETURNING 1", at=home.real())
    assert run_write(home.runtime.database, home.runtime.stores(), home.real())
    assert home.one("SELECT failures FROM store_health") == 0
    home.quirks(no_plugin=False)
    home.later(hours=1)
    home.rest()
    assert _sent(home, order) == [PROCESSING]


def test_what_is_over_by_then_is_not_said(home: Home) -> None:
    order = _turned_off(home)
    home.store.act(order, "cancel")
    _settled(home)
    assert (_sent(home, order), _held(home)[PROCESSING]) == ([], "released")
    assert _lost(home, order) == (["cancelled"], [])


def test_whoever_leaves_is_asked_for_nothing(home: Home) -> None:
    order = _turned_off(home)
    home.look("orders")
    home.store.post("/sandbox/plugin/uninstall", {})
    home.later(minutes=20)
    home.rest()
    assert _held(home) == {} and _sent(home, order) == []


def _all_goods(home: Home, **kind: bool) -> None:
    for product in home.store.read("products"):
        home.store.rest("PUT", f"products/{product['id']}", json=kind)


def test_goods_that_are_downloaded_have_the_shops_mail_and_none_of_ours(home: Home) -> None:
    _all_goods(home, downloadable=True)
    order = home.order()
    home.rest()
    _settled(home)
    assert (home.steps(), _sent(home, order)) == ([], [PROCESSING])
    assert _held(home) == {}


def test_what_no_parcel_leaves_for_is_completed_by_the_shop(home: Home) -> None:
    """Ours confirms it; that it is complete is the shop's to say."""
    home.quirks(drop=True, hints=False)
    order = home.order()
    shop, body = _stored(home, order)
    ways = [way | {"method_id": "local_pickup"} for way in body["shipping_lines"]]
    shop.write("order", order["id"], body | {"shipping_lines": ways})
    home.quirks(drop=False, hints=True)
    home.store.act(order, "status", status="completed")
    home.rest()
    _settled(home)
    assert _sent(home, order) == [COMPLETED]
    assert home.steps() == [CONFIRMED]
    assert _held(home) == {PROCESSING: "replaced"}


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
    assert (_sent(home, order), home.steps()) == ([PROCESSING], [])
    home.look("orders")
    home.look("hooks")
    assert home.one("SELECT pushed->'mails_off' FROM store_health") != []
