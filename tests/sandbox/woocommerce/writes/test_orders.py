"""Notes, cancelling and addresses: what the app changes about an order in a WooCommerce shop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors import writes
from connectors.base import (
    NotThere,
    ShipmentWords,
    StoreRefused,
    Unsupported,
)
from connectors.writes import Written
from tests.sandbox.woocommerce.writes.writing import (
    EMAIL,
    HOME,
    Shop,
    a_cancel,
)


def test_a_note_is_written_once_and_mails_nobody(shop: Shop) -> None:
    order = shop.store.order()
    note = writes.NoteOrder(order["id"], 'Kim asked: "a < b" & \\o/', "ask:1")
    made = shop.write(note)
    assert not made.already and shop.write(note) == Written(made.reference, already=True)
    assert not shop.write(replace(note, key="ask:2")).already
    assert [one["customer_note"] for one in shop.notes(order)] == [False, False]
    assert not [mail for mail in shop.mails() if mail["id"] == "customer_note"]
    told = {"note": "hello", "customer_note": True}
    shop.store.rest("POST", f"orders/{order['id']}/notes", json=told)
    assert [mail["to"] for mail in shop.mails() if mail["id"] == "customer_note"] == [EMAIL]
    with pytest.raises(NotThere):
        shop.write(replace(note, order_id="999999"))
    with pytest.raises(StoreRefused):
        shop.write(replace(note, text="  "))


def test_an_order_is_cancelled_once(shop: Shop) -> None:
    order = shop.store.order()
    assert shop.write(a_cancel(order, note="They changed their mind")) == Written(order["id"])
    assert shop.store.read(f"orders/{order['id']}")["status"] == "cancelled"
    assert shop.write(a_cancel(order, note="They changed their mind")) == Written(order["id"], already=True)
    assert len(shop.notes(order)) == 1
    assert shop.store.read(f"orders/{order['id']}/refunds") == []


@pytest.mark.parametrize("over", ["cancel", "refund", "trash"])
def test_what_is_over_is_not_cancelled_again(shop: Shop, over: str) -> None:
    order = shop.store.order()
    shop.store.act(order, over)
    before = shop.store.read(f"orders/{order['id']}")
    assert shop.write(a_cancel(order)) == Written(order["id"], already=True)
    assert shop.store.read(f"orders/{order['id']}") == before


def test_money_is_never_given_back(shop: Shop) -> None:
    order = shop.store.order()
    with pytest.raises(Unsupported, match="by the merchant"):
        shop.write(writes.CancelOrder(order["id"], writes.CancelReason.CUSTOMER, refund=True))
    with pytest.raises(Unsupported, match="stock"):
        shop.write(a_cancel(order, restock=False))
    assert shop.http.asked == []


STAY: list[tuple[str, dict[str, Any], str]] = [
    ("completed", {}, "completed"),
    ("shipped", {}, "left"),
    ("partial-shipped", {}, "left"),
    ("delivered", {}, "left"),
    ("processing", {"_fulfillment_status": "partially_fulfilled"}, "left"),
    ("processing", {"_fulfillment_status": "fulfilled"}, "left"),
    ("processing", {"_fulfillment_status": "a word of a plugin"}, "left"),
    ("processing", {"_wc_shipment_tracking_items": [{"tracking_number": "1"}]}, "on its way"),
]


@pytest.mark.parametrize(("status", "meta", "why"), STAY)
def test_what_has_left_is_neither_cancelled_nor_sent_elsewhere(
    shop: Shop, status: str, meta: dict[str, Any], why: str
) -> None:
    order = shop.store.order()
    entries = [{"key": key, "value": value} for key, value in meta.items()]
    shop.store.rest("PUT", f"orders/{order['id']}", json={"status": status, "meta_data": entries})
    before = shop.store.read(f"orders/{order['id']}")
    for what in (a_cancel(order), writes.ChangeAddress(order["id"], HOME)):
        with pytest.raises(StoreRefused, match=why):
            shop.write(what)
    assert shop.store.read(f"orders/{order['id']}") == before


def test_the_merchants_own_words_say_what_has_left(shop: Shop) -> None:
    shop.quirk(custom_statuses=True)
    order = shop.store.order()
    shop.store.rest("PUT", f"orders/{order['id']}", json={"status": "handed-over"})
    with pytest.raises(StoreRefused, match="left"):
        shop.write(a_cancel(order), words=ShipmentWords({"handed-over": "shipped"}))
    assert not shop.write(a_cancel(order)).already


def test_an_order_goes_elsewhere_and_who_pays_stays(shop: Shop) -> None:
    order = shop.store.order()
    before = shop.store.read(f"orders/{order['id']}")
    change = writes.ChangeAddress(order["id"], HOME)
    assert shop.write(change) == Written(order["id"])
    assert shop.write(change) == Written(order["id"], already=True)
    after = shop.store.read(f"orders/{order['id']}")
    assert (after["shipping"]["first_name"], after["shipping"]["city"]) == ("Kim", "Kiel")
    assert after["billing"] == before["billing"]
    for wrong in (
        replace(HOME, country="Germany"), replace(HOME, line1=" "), replace(HOME, city=""),
    ):  # fmt: skip
        with pytest.raises(StoreRefused):
            shop.write(writes.ChangeAddress(order["id"], wrong))
    shop.write(a_cancel(order))
    assert shop.write(change).already
    with pytest.raises(StoreRefused, match="over"):
        shop.write(writes.ChangeAddress(order["id"], replace(HOME, city="Husum")))
