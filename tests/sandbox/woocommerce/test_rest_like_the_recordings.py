"""REST answers of the fake store against those of a real one: bodies, headers, errors."""

from __future__ import annotations

from typing import Any

import requests

from tests.sandbox.woocommerce.running import RECORDINGS, Store, recorded
from tests.sandbox.woocommerce.shapes import differences, shape_of

_VALUES = {"Content-Type", "X-Robots-Tag", "Allow"}


def _same_frame(answer: requests.Response, name: str) -> None:
    """Status, the recorded headers by name, and the values of those that do not name the shop."""
    real = recorded(f"rest/{name}")
    assert answer.status_code == real["status"]
    assert set(real["headers"]) <= set(answer.headers)
    for key in _VALUES & set(real["headers"]):
        assert answer.headers[key] == real["headers"][key], key


def _error_is(answer: requests.Response, name: str) -> None:
    _same_frame(answer, name)
    assert answer.json() == recorded(f"rest/{name}")["body"]


def _refunded_order(store: Store) -> dict[str, Any]:
    order = store.order("LK-BULBS-3", "LK-CANDLE-6")
    store.act(order, "refund", lines=[{"line_id": order["line_ids"][1], "quantity": 1}])
    store.act(order, "refund")
    return order


def test_an_order_and_its_refunds(store: Store) -> None:
    order = _refunded_order(store)
    one = store.rest("GET", f"orders/{order['id']}")
    _same_frame(one, "order")
    assert [entry["total"] for entry in one.json()["refunds"]] == ["-89.00", "-19.00"]
    answer = store.rest("GET", f"orders/{order['id']}/refunds")
    real = recorded("rest/order_refunds")
    assert answer.headers["X-WP-Total"] == "2"
    shape = shape_of(real["body"])
    for refund in answer.json():
        assert differences(refund, shape, frozenset({".line_items[].taxes"})) == []
    newest, first = answer.json()
    assert [entry["value"] for entry in newest["meta_data"]] == ["full"]
    (line,) = first["line_items"]
    assert (line["quantity"], line["total"], line["total_tax"]) == (-1, "-15.97", "-3.03")
    assert line["meta_data"][0]["value"] == order["line_ids"][1]


def test_a_customer_and_the_search_by_address(quiet_store: Store) -> None:
    found = quiet_store.rest("GET", "customers", params={"email": "jonna.brandt@example.com", "role": "all"})
    _same_frame(found, "customers_by_email")
    (customer,) = found.json()
    one = quiet_store.rest("GET", f"customers/{customer['id']}")
    _same_frame(one, "customer")
    assert differences(one.json(), shape_of([recorded("rest/customer")["body"]])) == []


def test_notes(store: Store) -> None:
    order = store.order()
    store.rest("POST", f"orders/{order['id']}/notes", json={"note": "Tracking: 9400", "customer_note": True})
    store.rest("POST", f"orders/{order['id']}/notes", json={"note": "for us"})
    answer = store.rest("GET", f"orders/{order['id']}/notes", params={"type": "customer"})
    _same_frame(answer, "order_notes")
    (note,) = answer.json()
    assert differences(note, shape_of(recorded("rest/order_notes")["body"])) == []
    assert len(store.read(f"orders/{order['id']}/notes")) == 2


def test_webhooks_never_show_their_secret(store: Store) -> None:
    store.listen("order.created", "order.updated", "product.updated")
    answer = store.rest("GET", "webhooks", params={"per_page": 2})
    _same_frame(answer, "webhooks")
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("3", "2")
    assert len(answer.json()) == 2
    shape = shape_of(recorded("rest/webhooks")["body"])
    for webhook in answer.json():
        assert differences(webhook, shape) == []


def test_a_page_of_orders_and_the_link_to_the_next(quiet_store: Store) -> None:
    answer = quiet_store.rest("GET", "orders", params={"per_page": 2, "orderby": "modified", "order": "asc"})
    _same_frame(answer, "orders_page")
    assert answer.headers["X-WP-Total"] == "10"
    assert answer.headers["X-WP-TotalPages"] == "5"
    assert answer.links["next"]["url"].endswith("/orders?per_page=2&orderby=modified&order=asc&page=2")
    assert answer.links["https://api.w.org/"]["url"] == f"{quiet_store.address}/wp-json/"
    modified = [order["date_modified_gmt"] for order in answer.json()]
    assert modified == sorted(modified)


def test_fulfilments_in_the_recorded_form_once_switched_on(store: Store) -> None:
    store.post("/sandbox/quirks", {"fulfillments": True})
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    store.act(order, "ship", lines=[{"line_id": order["line_ids"][0], "quantity": 1}])
    answer = store.rest("GET", f"orders/{order['id']}/fulfillments")
    _same_frame(answer, "order_fulfillments")
    real = shape_of([recorded("rest/order_fulfillments")["body"]])
    assert differences(answer.json(), real) == []
    keys = [entry["key"] for entry in answer.json()["fulfillments"][0]["meta_data"]]
    recorded_meta = recorded("rest/order_fulfillments")["body"]["fulfillments"][0]["meta_data"]
    assert keys == [entry["key"] for entry in recorded_meta]
    after = store.read(f"orders/{order['id']}")
    marks = [entry["value"] for entry in after["meta_data"] if entry["key"] == "_fulfillment_status"]
    assert (after["status"], marks) == ("processing", ["partially_fulfilled"])


def test_without_the_switch_there_is_no_such_route(store: Store) -> None:
    order = store.order()
    answer = store.rest("GET", f"orders/{order['id']}/fulfillments")
    assert (answer.status_code, answer.json()["code"]) == (404, "rest_no_route")


def test_errors_are_the_recorded_ones(store: Store) -> None:
    _error_is(store.rest("GET", "orders/99999"), "order_not_found")
    wish = {"topic": "order.paid", "delivery_url": f"{store.receiver.address}/x"}
    _error_is(store.rest("POST", "webhooks", json=wish), "webhook_bad_topic")
    order = store.order()
    too_much = {"amount": "500.00", "api_refund": False}
    _error_is(store.rest("POST", f"orders/{order['id']}/refunds", json=too_much), "refund_too_much")


def test_the_status_of_the_shop(quiet_store: Store) -> None:
    answer = quiet_store.rest(
        "GET", "system_status", params={"_fields": "environment,settings,active_plugins"}
    )
    _same_frame(answer, "system_status")
    real, ours = recorded("rest/system_status")["body"], answer.json()
    assert list(ours) == list(real)
    for part in ("environment", "settings"):
        assert set(ours[part]) <= set(real[part])
        for key, value in ours[part].items():
            assert type(value) is type(real[part][key]), key
    assert ours["settings"]["currency"] == "EUR"


def test_a_key_that_nobody_made(quiet_store: Store) -> None:
    """Recorded over plain http, where keys sign each call."""
    answer = quiet_store.call("GET", "/wp-json/wc/v3/orders", params={"oauth_consumer_key": "ck_unknown"})
    real = recorded("rest/unauthorized")
    assert (answer.status_code, answer.json()) == (real["status"], real["body"])


def test_a_product(quiet_store: Store) -> None:
    (candles,) = quiet_store.read("products", sku="LK-CANDLE-6")
    answer = quiet_store.rest("GET", f"products/{candles['id']}")
    _same_frame(answer, "product")
    # Ours keeps stock and has a picture; the recorded one had neither.
    shape = shape_of([recorded("rest/product")["body"], recorded("product.updated")["body"]])
    assert differences(answer.json(), shape, frozenset({".images", ".tags", ".stock_quantity"})) == []


# Where each recorded answer is held against one of the fake store's.
COMPARED = {
    "coupons_by_code": "test_writes.py", "reviews": "test_writes.py", "order": test_an_order_and_its_refunds,
    "order_refunds": test_an_order_and_its_refunds, "customer": test_a_customer_and_the_search_by_address,
    "customers_by_email": test_a_customer_and_the_search_by_address, "order_notes": test_notes,
    "webhooks": test_webhooks_never_show_their_secret,
    "orders_page": test_a_page_of_orders_and_the_link_to_the_next,
    "order_fulfillments": test_fulfilments_in_the_recorded_form_once_switched_on,
    "order_not_found": test_errors_are_the_recorded_ones, "product": test_a_product,
    "webhook_bad_topic": test_errors_are_the_recorded_ones, "unauthorized": test_a_key_that_nobody_made,
    "refund_too_much": test_errors_are_the_recorded_ones, "system_status": test_the_status_of_the_shop,
}  # fmt: skip


def test_every_recorded_answer_is_compared() -> None:
    assert {path.stem for path in (RECORDINGS / "rest").glob("*.json")} == set(COMPARED)
