"""What the merchant bar can do to an order of this platform, through the control routes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.woocommerce.running import Store, recorded

TRACKING = "_wc_shipment_tracking_items"


def _items(store: Store, order: dict[str, Any]) -> list[dict[str, Any]]:
    body = store.read(f"orders/{order['id']}")
    return next(entry["value"] for entry in body["meta_data"] if entry["key"] == TRACKING)


def _status(store: Store, order: dict[str, Any]) -> str:
    return str(store.get(f"/sandbox/orders/{order['id']}")["status"])


def test_an_order_costs_what_the_shelf_says_with_its_tax_beside_it(store: Store) -> None:
    order = store.order("LK-SHADE-30", "LK-CANDLE-6", discount_code="welcome10")
    body = store.read(f"orders/{order['id']}")
    gross = [float(line["total"]) + float(line["total_tax"]) for line in body["line_items"]]
    assert [f"{sum_:.2f}" for sum_ in gross] == ["44.10", "17.10"]
    assert float(body["discount_total"]) + float(body["discount_tax"]) == pytest.approx(6.80)
    assert (body["shipping_total"], body["shipping_tax"]) == ("4.12", "0.78")
    assert (body["total"], body["prices_include_tax"]) == ("66.10", True)
    taxes = float(body["cart_tax"]) + float(body["shipping_tax"])
    assert float(body["total_tax"]) == pytest.approx(taxes)
    assert [line["code"] for line in body["coupon_lines"]] == ["welcome10"]


def test_parcels_go_out_line_by_line(store: Store) -> None:
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    first, second = order["line_ids"]
    shipped = store.act(
        order, "ship", lines=[{"line_id": first, "quantity": 1}], carrier="UPS", tracking_number="1Z9"
    )
    assert _status(store, order) == "partial-shipped"
    store.act(order, "ship")
    assert _status(store, order) == "shipped"
    one, two = _items(store, order)
    assert (one["tracking_id"], one["tracking_provider"], one["tracking_number"]) == (
        shipped["parcel_id"], "ups", "1Z9",
    )  # fmt: skip
    real = next(m for m in recorded("order.created.paid")["body"]["meta_data"] if m["key"] == TRACKING)
    assert {key: type(value) for key, value in real["value"][0].items()}.items() <= {
        key: type(value) for key, value in one.items()
    }.items()
    assert [piece["item_id"] for piece in one["products_list"]] == [first]
    assert [piece["item_id"] for piece in two["products_list"]] == [second]
    summary = store.get(f"/sandbox/orders/{order['id']}")
    assert [line["shipped"] for line in summary["lines"]] == [1, 1]
    answer = store.call("POST", f"/sandbox/orders/{order['id']}/ship", json={})
    assert answer.status_code == 409


def test_delivered_is_a_word_for_the_whole_order(store: Store) -> None:
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    parcels = [
        store.act(order, "ship", lines=[{"line_id": id, "quantity": 1}])["parcel_id"]
        for id in order["line_ids"]
    ]
    early = store.act(order, "deliver", parcel_id=parcels[0])
    assert (early["status"], "no arrival of one parcel" in early["note"]) == ("shipped", True)
    assert store.act(order, "deliver", parcel_id=parcels[1]) == {"status": "delivered"}
    assert _status(store, order) == "delivered"


def test_a_delay_only_leaves_a_note(store: Store) -> None:
    store.listen("order.updated")
    order = store.order()
    store.settle()
    before = store.read(f"orders/{order['id']}")
    store.receiver.got.clear()
    assert "knows no delay" in store.act(order, "delay")["note"]
    store.settle()
    assert store.read(f"orders/{order['id']}") == before
    assert [note["note"] for note in store.read(f"orders/{order['id']}/notes")] == [
        "The carrier reports a delay."
    ]
    assert store.receiver.got == []


def test_a_refund_of_one_line_keeps_the_status(store: Store) -> None:
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    store.act(order, "refund", lines=[{"line_id": order["line_ids"][1], "quantity": 1}])
    assert _status(store, order) == "processing"
    summary = store.get(f"/sandbox/orders/{order['id']}")
    assert [line["refunded"] for line in summary["lines"]] == [0, 1]
    store.act(order, "ship")
    assert _status(store, order) == "shipped"
    lines = store.get(f"/sandbox/orders/{order['id']}")["lines"]
    assert [line["shipped"] for line in lines] == [1, 0], "what was given back is not sent"
    store.act(order, "refund")
    after = store.read(f"orders/{order['id']}")
    assert after["status"] == "refunded"
    assert sum(float(entry["total"]) for entry in after["refunds"]) == pytest.approx(-float(after["total"]))


def test_cancelling_gives_the_stock_back(store: Store) -> None:
    stock = store.read("products", sku="LK-ORBIT")[0]["stock_quantity"]
    order = store.order("LK-ORBIT")
    assert store.read("products", sku="LK-ORBIT")[0]["stock_quantity"] == stock - 1
    store.act(order, "cancel")
    assert store.read("products", sku="LK-ORBIT")[0]["stock_quantity"] == stock
    lines = store.read(f"orders/{order['id']}")["line_items"]
    assert [line["meta_data"] for line in lines] == [[]]


def test_money_arrives_once(store: Store) -> None:
    order = store.order(payment="bank_transfer")
    assert _status(store, order) == "on-hold"
    assert store.call("POST", f"/sandbox/orders/{order['id']}/ship", json={}).status_code == 409
    assert store.act(order, "pay") == {"status": "processing"}
    assert store.read(f"orders/{order['id']}")["date_paid_gmt"]
    assert store.call("POST", f"/sandbox/orders/{order['id']}/pay", json={}).status_code == 409


def test_trash_and_back(store: Store) -> None:
    order = store.order()
    store.act(order, "ship")
    store.act(order, "trash")
    assert _status(store, order) == "trash"
    store.act(order, "restore")
    assert _status(store, order) == "shipped"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"lines": [{"sku": "NOTHING", "quantity": 1}]}, 400), ({"lines": []}, 400),
     ({"lines": [{"sku": "LK-ORBIT", "quantity": 0}]}, 400), ({"discount_code": "nope"}, 400),
     ({"payment": "cheque"}, 400), ({"colour": "red"}, 400)],
)  # fmt: skip
def test_orders_that_cannot_be(quiet_store: Store, body: dict[str, Any], status: int) -> None:
    wanted = {"lines": [{"sku": "LK-ORBIT", "quantity": 1}], "email": "a@example.com"} | body
    before = len(quiet_store.get("/sandbox/orders"))
    answer = quiet_store.call("POST", "/sandbox/orders", json=wanted)
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)
    assert len(quiet_store.get("/sandbox/orders")) == before


def test_actions_that_cannot_be(store: Store) -> None:
    order = store.order()
    for path, body, status in (
        (f"{order['id']}/out-for-delivery", {}, 400), (f"{order['id']}/deliver", {}, 409),
        (f"{order['id']}/ship", {"lines": [{"line_id": "1", "quantity": 1}]}, 409),
        (f"{order['id']}/ship", {"parcels": 2}, 400), ("424242/ship", {}, 404),
        (f"{order['id']}/restore", {}, 409),
    ):  # fmt: skip
        answer = store.call("POST", f"/sandbox/orders/{path}", json=body)
        assert answer.status_code == status, (path, answer.text)


def test_an_order_may_come_without_an_address(store: Store) -> None:
    order = store.post("/sandbox/orders", {"lines": [{"sku": "LK-ORBIT", "quantity": 2}]})
    assert store.read(f"orders/{order['id']}")["billing"]["email"] == ""
    assert store.get(f"/sandbox/orders/{order['id']}")["email"] is None
