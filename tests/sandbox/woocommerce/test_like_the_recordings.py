"""Webhooks of the fake store against those of a real one: key by key, type by type, header by header."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.sandbox.woocommerce.receiving import Received
from tests.sandbox.woocommerce.running import RECORDINGS, Store, recorded, signature
from tests.sandbox.woocommerce.shapes import Shape, differences, shape_of

# A shop with taxes and pictures shows what the recorded one had none of; plugins write what they like.
UNRECORDED = frozenset(
    {".tax_lines", ".line_items[].taxes", ".shipping_lines[].taxes", ".meta_data[].value"}
    | {".images", ".tags", ".attributes"}
)
TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")
# Different at every delivery, or from shop to shop: only their form is compared.
FORMS = {
    "Host": r"127\.0\.0\.1:\d+",
    "X-WC-Webhook-Source": r"https?://[a-z0-9.:]+/",
    "X-WC-Webhook-Signature": r"[A-Za-z0-9+/]{43}=",
    "X-WC-Webhook-ID": r"\d+",
    "X-WC-Webhook-Delivery-ID": r"[0-9a-f]{32}",
    "Content-Length": r"\d+",
}


def bodies(prefix: str) -> list[Any]:
    found = []
    for path in sorted(RECORDINGS.glob(f"{prefix}*.json")):
        body = json.loads(path.read_text("utf-8"))["body"]
        if isinstance(body, dict) and "id" in body and len(body) > 1:
            found.append(body)
    return found


@pytest.fixture(scope="module")
def order_shape() -> Shape:
    return shape_of(
        [*bodies("order."), recorded("rest/order")["body"], *recorded("rest/orders_page")["body"]]
    )


@pytest.fixture(scope="module")
def product_shape() -> Shape:
    return shape_of(
        [*bodies("product.created"), *bodies("product.updated"), recorded("rest/product")["body"]]
    )


def _headers_differ(received: Received, name: str) -> list[str]:
    """Names and values against the recorded delivery `name`."""
    real = recorded(name)["headers"]
    found = [f"{key}: missing" for key in sorted(set(real) - set(received.headers))]
    found += [f"{key}: never recorded" for key in sorted(set(received.headers) - set(real))]
    for key, value in received.headers.items():
        if key in FORMS and not re.fullmatch(FORMS[key], value):
            found.append(f"{key}: {value!r}")
        if key in real and key not in FORMS and value != real[key]:
            found.append(f"{key}: {value!r}, recorded {real[key]!r}")
    return found


def test_an_order_is_told_in_the_recorded_form_through_its_whole_life(
    store: Store, order_shape: Shape
) -> None:
    store.listen(*TOPICS)
    order = store.order("LK-SHADE-40", "LK-CANDLE-6", discount_code="WELCOME10", gift_note="For you")
    store.settle()
    line_id = order["line_ids"][0]
    for action, arguments in (
        ("ship", {"lines": [{"line_id": line_id}]}), ("ship", {}), ("deliver", {}),
        ("refund", {"lines": [{"line_id": line_id}]}), ("refund", {}), ("trash", {}), ("restore", {}),
    ):  # fmt: skip
        store.act(order, action, **arguments)
        store.settle()
    updates = store.receiver.of("order.updated")
    assert [one.body["status"] for one in updates] == [
        "checkout-draft", "processing", "partial-shipped", "shipped", "delivered", "delivered", "refunded",
    ]  # fmt: skip
    told = [*updates, store.receiver.only("order.created"), store.receiver.only("order.restored")]
    for one in told:
        assert differences(one.body, order_shape, UNRECORDED) == []
        assert list(one.body) == list(recorded("order.created.paid")["body"]), "the order of the keys"
    assert store.receiver.only("order.deleted").body == {"id": int(order["id"])}


def test_headers_are_the_recorded_ones(store: Store) -> None:
    store.listen(*TOPICS)
    order = store.order()
    store.settle()
    for action in ("trash", "restore"):
        store.act(order, action)
        store.settle()
    for topic, name in (
        ("order.created", "order.created.paid"), ("order.updated", "order.updated.completed"),
        ("order.deleted", "order.deleted"), ("order.restored", "order.restored"),
    ):  # fmt: skip
        received = store.receiver.of(topic)[-1]
        assert _headers_differ(received, name) == []
        assert received.headers["X-WC-Webhook-Signature"] == signature(received.raw)


def test_a_draft_has_no_name_and_asks_for_payment(store: Store) -> None:
    store.listen("order.updated")
    store.order()
    store.settle()
    ours, real = store.receiver.of("order.updated")[0].body, recorded("order.updated.checkout_draft")["body"]
    same = ("status", "is_editable", "needs_payment", "created_via", "customer_id", "payment_method_title")
    assert {key: ours[key] for key in same} == {key: real[key] for key in same}
    assert (ours["billing"]["email"], ours["billing"]["first_name"]) == ("", "")
    assert ours["date_paid_gmt"] is None


def test_a_bank_transfer_waits_like_the_recorded_guest_order(store: Store) -> None:
    store.listen("order.created")
    store.order(payment="bank_transfer")
    store.settle()
    ours, real = store.receiver.only("order.created").body, recorded("order.created.guest_onhold")["body"]
    same = (
        "status",
        "is_editable",
        "needs_payment",
        "created_via",
        "customer_id",
        "payment_method",
        "date_paid",
    )
    assert {key: ours[key] for key in same} == {key: real[key] for key in same}


def test_products_are_told_in_the_recorded_form(store: Store, product_shape: Shape) -> None:
    store.listen("product.created", "product.updated", "product.deleted", "coupon.deleted")
    made = store.rest(
        "POST", "products", json={"name": "Wall hook", "regular_price": "9.00", "sku": "HOOK"}
    ).json()
    shade = next(one for one in store.read("products", sku="LK-SHADE-30"))
    store.order("LK-SHADE-30")
    store.settle()
    store.rest("DELETE", f"products/{made['id']}")
    store.settle()
    created, updated = store.receiver.only("product.created"), store.receiver.only("product.updated")
    for one, name in ((created, "product.created"), (updated, "product.updated")):
        assert differences(one.body, product_shape, UNRECORDED) == []
        assert _headers_differ(one, name) == []
    assert updated.body["id"] == shade["id"]
    assert updated.body["stock_quantity"] == shade["stock_quantity"] - 1
    assert store.receiver.only("product.deleted").body == {"id": made["id"]}
    # A real store says the same of a coupon that never was.
    false_alarm = store.receiver.only("coupon.deleted")
    assert false_alarm.body == {"id": made["id"]}
    assert _headers_differ(false_alarm, "coupon.deleted.wrong_resource") == []


def test_a_variation_has_the_form_of_the_recorded_one(quiet_store: Store) -> None:
    real = recorded("product.created.variation")["body"]
    ours = quiet_store.read("products", sku="LK-SHADE-30")[0]
    assert ours["type"] == "variation"
    # The recorded one kept no stock.
    assert differences(ours, shape_of([real]), UNRECORDED | {".stock_quantity"}) == []
    assert ours["permalink"].endswith("/product/linen-lampshade/?attribute_size=30%20cm")


def test_customers_are_told_in_the_recorded_form(store: Store) -> None:
    shape = shape_of([*bodies("customer."), recorded("rest/customer")["body"]])
    store.listen("customer.created", "customer.updated", "customer.deleted")
    person = {"email": "noa@example.com", "first_name": "Noa", "last_name": "Berg"}
    made = store.rest("POST", "customers", json=person).json()
    store.settle()
    created, updated = store.receiver.only("customer.created"), store.receiver.only("customer.updated")
    store.rest("DELETE", f"customers/{made['id']}", params={"force": "true"})
    store.settle()
    for one, name in ((created, "customer.created"), (updated, "customer.updated")):
        assert differences(one.body, shape) == []
        assert _headers_differ(one, name) == []
    assert store.receiver.only("customer.deleted").body == {"id": made["id"]}


def test_the_ping_is_the_recorded_one(store: Store) -> None:
    real = recorded("ping")
    wish = {"topic": "order.created", "delivery_url": f"{store.receiver.address}/hooks/x", "secret": "s"}
    made = store.rest("POST", "webhooks", json=wish).json()
    (ping,) = store.receiver.got
    assert ping.raw == f"webhook_id={made['id']}".encode()
    assert _headers_differ(ping, "ping") == []
    assert "X-WC-Webhook-Topic" not in real["headers"] | ping.headers


def test_lost_rights_are_told_as_recorded(store: Store) -> None:
    store.listen("order.created")
    store.post("/sandbox/quirks", {"lost_rights": True})
    store.order()
    store.settle()
    received = store.receiver.only("order.created")
    assert received.body == recorded("order.updated.permission_error")["body"]
    assert received.headers["X-WC-Webhook-Signature"] == signature(received.raw)


def test_coupons_are_told_in_the_recorded_form(store: Store) -> None:
    store.listen("coupon.created")
    wish = {"code": "THANKS-9", "discount_type": "percent", "amount": "10"}
    wish |= {"usage_limit": "1", "usage_limit_per_user": "1"}
    assert store.rest("POST", "coupons", json=wish).status_code == 201
    store.settle()
    told, real = store.receiver.only("coupon.created"), recorded("coupon.created")
    loose = frozenset({".date_expires", ".date_expires_gmt", ".used_by", ".email_restrictions"})
    shape = shape_of([real["body"], recorded("rest/coupons_by_code")["body"][0]])
    assert differences(told.body, shape, loose) == []
    assert _headers_differ(told, "coupon.created") == []


def test_hooks_of_the_platform_are_told_as_recorded(store: Store) -> None:
    """A name and a first argument: the order's id mostly, and nothing at all where that is an object."""
    names = sorted(path.stem for path in RECORDINGS.glob("action.*.json"))
    store.post("/sandbox/quirks", {"fulfillments": True})
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    store.settle()
    store.listen(*names)
    store.act(order, "ship")
    store.rest("PUT", f"orders/{order['id']}", json={"status": "completed"})
    store.rest("POST", f"orders/{order['id']}/notes", json={"note": "Tracking: 9400", "customer_note": True})
    store.act(order, "refund", lines=[{"line_id": order["line_ids"][0], "quantity": 1}])
    store.act(order, "refund")
    store.settle()
    ids = {int(order["id"])} | {one["id"] for one in store.read(f"orders/{order['id']}/refunds")}
    for name in names:
        told, real = store.receiver.of(name)[0], recorded(name)
        assert _headers_differ(told, name) == []
        assert differences(told.body, shape_of([real["body"]])) == []
        assert told.body["action"] == real["body"]["action"]
        assert not isinstance(told.body["arg"], int) or told.body["arg"] in ids
    assert store.receiver.of("action.woocommerce_fulfillment_after_fulfill")[0].body["arg"] == []


def test_two_changes_within_a_second_share_one_delivery_id(store: Store) -> None:
    real = recorded("sequence.same_delivery_id")["deliveries"]
    assert len({one["headers"]["X-WC-Webhook-Delivery-ID"] for one in real}) == 1
    store.listen("product.updated")
    store.post("/sandbox/quirks", {"same_delivery_id": True})
    (candles,) = store.read("products", sku="LK-CANDLE-6")
    for price in ("19.00", "21.00"):
        store.rest("PUT", f"products/{candles['id']}", json={"regular_price": price})
        store.settle()
    first, second = store.receiver.of("product.updated")
    assert first.headers["X-WC-Webhook-Delivery-ID"] == second.headers["X-WC-Webhook-Delivery-ID"]
    assert (first.body["price"], second.body["price"]) == ("19.00", "21.00")


# Where each recorded delivery is held against one of the fake store's.
COMPARED = {
    "order.": test_an_order_is_told_in_the_recorded_form_through_its_whole_life,
    "order.updated.checkout_draft": test_a_draft_has_no_name_and_asks_for_payment,
    "order.created.guest_onhold": test_a_bank_transfer_waits_like_the_recorded_guest_order,
    "order.updated.permission_error": test_lost_rights_are_told_as_recorded,
    "product.": test_products_are_told_in_the_recorded_form,
    "product.created.variation": test_a_variation_has_the_form_of_the_recorded_one,
    "customer.": test_customers_are_told_in_the_recorded_form,
    "coupon.created": test_coupons_are_told_in_the_recorded_form,
    "coupon.deleted.wrong_resource": test_products_are_told_in_the_recorded_form,
    "action.": test_hooks_of_the_platform_are_told_as_recorded,
    "sequence.same_delivery_id": test_two_changes_within_a_second_share_one_delivery_id,
    "ping": test_the_ping_is_the_recorded_one,
}
ELSEWHERE = {"wc_auth_callback"}  # test_wc_auth.py


def test_every_recorded_delivery_is_compared() -> None:
    names = {path.stem for path in RECORDINGS.glob("*.json")}
    assert {name for name in names if not name.startswith(tuple(COMPARED))} == ELSEWHERE
    assert all(any(name.startswith(prefix) for name in names) for prefix in COMPARED)
