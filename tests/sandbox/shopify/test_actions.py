"""What buyers and merchants can do, what it does to money and pieces, and what is refused."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from sandbox.drawing import SIDE
from sandbox.shopify.catalogue import CATALOGUE
from tests.sandbox.shopify.running import Api, Receiver, Store


def test_the_seed_is_a_shop_with_a_past(store: Store) -> None:
    orders = store.get("/sandbox/orders")
    assert [order["number"] for order in orders] == [f"#{1012 - place}" for place in range(12)]
    assert all(order["email"].split("@")[1].startswith("example.") for order in orders)
    statuses = [order["status"] for order in orders]
    assert statuses.count("refunded, fulfilled") == 1
    assert statuses.count("cancelled, refunded") == 1
    delivered = [parcel["status"] for order in orders for parcel in order["parcels"]]
    assert delivered.count("delivered") == 11
    assert store.get("/sandbox/deliveries") == []


def test_money_adds_up(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    lines = [{"sku": "HP-FERRY-250", "quantity": 3}, {"sku": "HP-MUG-CLAY", "quantity": 1}]
    # A buyer in the shop's own state pays tax.
    email = "ann@example.com"
    store.post("/sandbox/orders", {"lines": lines, "email": email, "discount_code": "WELCOME10"})
    store.settle()
    order = receiver.only("orders/create").body
    assert order["shipping_address"]["province_code"] == "IL"
    goods = sum(Decimal(line["price"]) * line["quantity"] for line in order["line_items"])
    discount = sum(
        Decimal(part["amount"]) for line in order["line_items"] for part in line["discount_allocations"]
    )
    tax = sum(Decimal(part["price"]) for line in order["line_items"] for part in line["tax_lines"])
    shipping = sum(Decimal(line["price"]) for line in order["shipping_lines"])
    assert goods == Decimal(order["total_line_items_price"]) == Decimal("67.50")
    assert discount == Decimal(order["total_discounts"]) == Decimal("6.75")
    assert tax == Decimal(order["total_tax"]) == Decimal("3.80")
    assert shipping == Decimal("0")
    assert goods - discount + tax + shipping == Decimal(order["total_price"])
    assert order["discount_codes"] == [{"code": "WELCOME10", "amount": "6.75", "type": "percentage"}]
    assert order["total_outstanding"] == "0.00"


def test_shipping_costs_below_the_limit(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    store.order("HP-FERRY-250", email="bo@example.com")
    store.settle()
    assert receiver.only("orders/create").body["shipping_lines"][0]["price"] == "5.90"


def test_refunds_piece_by_piece_give_back_exactly_everything(store: Store) -> None:
    lines = [{"sku": "HP-ORCHARD-250", "quantity": 3}]
    placed = store.post("/sandbox/orders", {"lines": lines, "email": "ann@example.com",
                                            "discount_code": "WELCOME10"})  # fmt: skip
    act = f"/sandbox/orders/{placed['id']}"
    one = {"lines": [{"line_id": placed["line_ids"][0], "quantity": 1}]}
    parts = [store.post(f"{act}/refund", one)["amount_minor"] for _ in range(3)]
    order = store.get(act)
    assert sum(parts) == order["total_minor"]
    assert order["status"] == "refunded"
    assert order["lines"][0]["refunded"] == 3
    assert store.call("POST", f"{act}/refund").status_code == 409


def test_a_full_refund_includes_the_shipping(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "refunds/create", "orders/updated")
    placed = store.order("HP-FERRY-250")
    store.settle()
    receiver.got.clear()
    back = store.post(f"/sandbox/orders/{placed['id']}/refund")
    store.settle()
    order = receiver.only("orders/updated").body
    assert Decimal(back["amount_minor"]) / 100 == Decimal(order["total_price"])
    assert order["financial_status"] == "refunded"
    assert order["current_total_price"] == "0.00"
    assert order["line_items"][0]["current_quantity"] == 0
    assert receiver.only("refunds/create").body["refund_shipping_lines"]


def test_split_shipments_count_pieces(store: Store) -> None:
    lines = [{"sku": "HP-FERRY-250", "quantity": 3}, {"sku": "HP-MUG-CLAY", "quantity": 1}]
    placed = store.post("/sandbox/orders", {"lines": lines, "email": "kim@example.com"})
    act = f"/sandbox/orders/{placed['id']}"
    ferry = placed["line_ids"][0]
    store.post(f"{act}/ship", {"lines": [{"line_id": ferry, "quantity": 2}]})
    assert [line["shipped"] for line in store.get(act)["lines"]] == [2, 0]
    too_many = {"lines": [{"line_id": ferry, "quantity": 2}]}
    assert store.call("POST", f"{act}/ship", json=too_many).status_code == 409
    second = store.post(f"{act}/ship")["parcel_id"]
    order = store.get(act)
    assert [line["shipped"] for line in order["lines"]] == [3, 1]
    assert order["status"] == "paid, fulfilled"
    assert store.call("POST", f"{act}/ship").status_code == 409
    assert store.post(f"{act}/deliver", {"parcel_id": second})["parcel_ids"] == [second]
    assert [parcel["status"] for parcel in store.get(act)["parcels"]] == ["success", "delivered"]
    assert len(store.post(f"{act}/deliver")["parcel_ids"]) == 1
    assert store.call("POST", f"{act}/deliver").status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sandbox/orders", {"lines": []}, 400),
        ("/sandbox/orders", {"lines": [{"sku": "NOPE", "quantity": 1}]}, 400),
        ("/sandbox/orders", {"lines": [{"sku": "HP-GRINDER", "quantity": 0}]}, 400),
        ("/sandbox/orders", {"lines": [{"sku": "HP-GRINDER", "quantity": True}]}, 400),
        ("/sandbox/orders", {"lines": [{"sku": "HP-GRINDER"}], "discount_code": "FREE"}, 400),
        ("/sandbox/orders", {"lines": [{"sku": "HP-GRINDER"}], "payment": "gold"}, 400),
        ("/sandbox/orders", {"lines": [{"sku": "HP-GRINDER"}], "emial": "x@example.com"}, 400),
        ("/sandbox/orders/1/ship", {}, 404),
        ("/sandbox/orders/{id}/fly", {}, 404),
        ("/sandbox/orders/{id}/ship", {"colour": "red"}, 400),
        ("/sandbox/orders/{id}/deliver", {}, 409),
        ("/sandbox/orders/{id}/deliver", {"parcel_id": "1"}, 404),
        ("/sandbox/orders/{id}/pay", {}, 409),
        ("/sandbox/orders/{id}/refund", {"lines": [{"line_id": "1", "quantity": 1}]}, 409),
    ],
)
def test_what_cannot_be_is_refused_in_words(store: Store, path: str, body: Any, status: int) -> None:
    order = store.order("HP-GRINDER")
    before = store.get("/sandbox/orders")
    answer = store.call("POST", path.format(id=order["id"]), json=body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert store.get("/sandbox/orders") == before


def test_a_cancelled_order_stays_cancelled(store: Store) -> None:
    placed = store.order(payment="bank_transfer")
    act = f"/sandbox/orders/{placed['id']}"
    store.post(f"{act}/cancel")
    assert store.get(act)["status"] == "cancelled, voided"
    for action in ("cancel", "ship", "pay", "refund"):
        assert store.call("POST", f"{act}/{action}").status_code == 409


def test_an_order_may_come_without_an_address(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create", "customers/create")
    store.post("/sandbox/orders", {"lines": [{"sku": "HP-GRINDER"}]})
    store.settle()
    order = receiver.only("orders/create").body
    assert (order["email"], order["contact_email"], order["customer"]) == (None, None, None)


def test_a_deleted_order_is_gone(store: Store, api: Api) -> None:
    placed = store.order()
    store.post(f"/sandbox/orders/{placed['id']}/trash")
    asked = f'{{ order(id: "gid://shopify/Order/{placed["id"]}") {{ id }} }}'
    assert api.data(asked) == {"order": None}
    assert store.call("GET", f"/sandbox/orders/{placed['id']}").status_code == 404


def test_every_product_has_a_page_and_a_picture(store: Store) -> None:
    for product in CATALOGUE:
        assert store.call("GET", f"/product/{product.slug}").status_code == 200
        answer = store.call("GET", f"/pictures/{product.slug}.png")
        assert answer.headers["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(answer.content)).size == (SIDE, SIDE)
    assert store.call("GET", "/pictures/..%2Fshopify.sqlite3").status_code == 404


def test_the_status_page_of_an_order_opens(store: Store, api: Api) -> None:
    placed = store.order(first_name="<b>", last_name="Bold")
    found = api.data(f'{{ order(id: "gid://shopify/Order/{placed["id"]}") {{ statusPageUrl }} }}')
    path = found["order"]["statusPageUrl"].removeprefix(store.address)
    page = store.call("GET", path)
    assert page.status_code == 200
    assert placed["number"] in page.text
    assert store.call("GET", path.replace("/orders/", "/orders/0")).status_code == 404
