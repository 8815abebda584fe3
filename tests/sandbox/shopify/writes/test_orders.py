"""Orders that are cancelled, changed, sent elsewhere or asked back, and where their parcels point."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors import writes
from connectors.base import NotThere, StoreRefused, StoreUnreachable
from flows.commerce import LineQuantity
from tests.sandbox.shopify.writes.writing import (
    HOME,
    Shop,
)


def test_an_order_is_cancelled_once_with_its_money_back(shop: Shop) -> None:
    placed = shop.order("HP-GRINDER")
    shop.twice(writes.CancelOrder(placed["id"], writes.CancelReason.INVENTORY, refund=True), "orderCancel")
    told = shop.told("orders/cancelled")
    assert (told["id"], told["cancel_reason"], told["financial_status"]) == (
        int(placed["id"]), "inventory", "refunded",
    )  # fmt: skip
    back = [one.body for one in shop.receiver.of("refunds/create") if one.body["order_id"] == told["id"]]
    assert len(back) == 1


def test_an_order_is_cancelled_and_the_money_stays(shop: Shop) -> None:
    placed = shop.order()
    shop.write(writes.CancelOrder(placed["id"], writes.CancelReason.CUSTOMER, refund=False))
    assert shop.told("orders/cancelled")["financial_status"] == "paid"
    with pytest.raises(NotThere):
        shop.write(writes.CancelOrder("99", writes.CancelReason.CUSTOMER, refund=False))


def test_an_order_goes_elsewhere(shop: Shop) -> None:
    placed = shop.order()
    shop.twice(writes.ChangeAddress(placed["id"], HOME), "orderUpdate")
    address = shop.told("orders/updated")["shipping_address"]
    names = ("name", "address1", "city", "province_code", "zip")
    assert [address[name] for name in names] == ["Kim Vale", "9 Quay Street", "Portland", "OR", "97201"]
    for changed in (
        replace(HOME, country="Germany"),
        replace(HOME, region="Oregon"),
        replace(HOME, line1=""),
    ):
        with pytest.raises(StoreRefused):
            shop.write(writes.ChangeAddress(placed["id"], changed))


def test_an_order_is_edited_to_what_it_shall_be(shop: Shop) -> None:
    placed = shop.order("HP-FERRY-250", "HP-GRINDER")
    ferry, grinder = placed["line_ids"]
    variants = shop.read("{ products(first: 50) { nodes { variants(first: 9) { nodes { id sku } } } } }")
    skus = {one["sku"]: one["id"].rpartition("/")[2] for node in variants["products"]["nodes"]
            for one in node["variants"]["nodes"]}  # fmt: skip
    other = next(id for sku, id in skus.items() if sku not in ("HP-FERRY-250", "HP-GRINDER"))
    edit = writes.EditOrder(
        placed["id"], (LineQuantity(ferry, 3), LineQuantity(grinder, 0)), (LineQuantity(other, 2),), "By mail"
    )
    shop.twice(edit, "orderEditCommit")
    told = shop.told("orders/edited")["order_edit"]
    assert (told["notify_customer"], told["staff_note"]) == (False, "By mail")
    assert [one["delta"] for one in told["line_items"]["additions"]] == [2, 2]
    assert told["line_items"]["removals"] == [{"id": int(grinder), "delta": 1}]
    with pytest.raises(StoreRefused, match="holds 2"):
        shop.write(writes.EditOrder(placed["id"], added=(LineQuantity(other, 3),)))
    with pytest.raises(NotThere):
        shop.write(writes.EditOrder(placed["id"], (LineQuantity("99", 1),)))


def test_an_edit_that_was_not_committed_has_changed_nothing(shop: Shop) -> None:
    placed = shop.order()
    edit = writes.EditOrder(placed["id"], (LineQuantity(placed["line_ids"][0], 2),))
    shop.http.lost.append("orderEditSetQuantity")
    with pytest.raises(StoreUnreachable):
        shop.write(edit)
    assert not shop.write(edit).already
    assert shop.write(edit).already


def test_a_return_is_asked_for_once_and_only_of_what_was_shipped(shop: Shop) -> None:
    placed = shop.order("HP-FERRY-250", "HP-GRINDER")
    ferry, grinder = placed["line_ids"]
    wanted = writes.AskReturn(placed["id"], (LineQuantity(ferry, 1),), "Not my taste")
    with pytest.raises(StoreRefused, match="not so many"):
        shop.write(wanted)
    shop.store.post(f"/sandbox/orders/{placed['id']}/ship", {"lines": [{"line_id": ferry, "quantity": 1}]})
    asked = shop.twice(wanted, "returnRequest")
    assert asked.reference.startswith("gid://shopify/Return/")
    told = shop.told("returns/request")
    assert (told["order"]["id"], told["return_line_items"][0]["customer_note"]) == (
        int(placed["id"]), "Not my taste",
    )  # fmt: skip
    assert len(shop.receiver.of("returns/request")) == 1
    with pytest.raises(StoreRefused, match="not so many"):
        shop.write(writes.AskReturn(placed["id"], (LineQuantity(ferry, 1),), "Another note"))
    with pytest.raises(StoreRefused, match="not so many"):
        shop.write(writes.AskReturn(placed["id"], (LineQuantity(grinder, 1),)))


def test_a_parcel_points_where_it_shall(shop: Shop) -> None:
    placed = shop.order()
    ship = {"carrier": "Dove Post", "tracking_number": "D1"}
    parcel = shop.store.post(f"/sandbox/orders/{placed['id']}/ship", ship)["parcel_id"]
    point = writes.PointTracking(parcel, "Dove Post", "D1", "https://doorstep.example/t/abc")
    shop.twice(point, "fulfillmentTrackingInfoUpdate")
    told = shop.told("fulfillments/update")
    assert (told["tracking_url"], told["tracking_number"], told["tracking_company"]) == (
        "https://doorstep.example/t/abc", "D1", "Dove Post",
    )  # fmt: skip
    with pytest.raises(NotThere):
        shop.write(replace(point, parcel_id="99"))
