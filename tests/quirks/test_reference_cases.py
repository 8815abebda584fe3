"""The cases that every receiver of WooCommerce's messages has to get right, told with the recorded bytes to
an app that listens, beside a store that answers what was recorded."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import text

from tests.quirks.living import Home
from tests.quirks.recorded_bytes import deliver, each, names, recorded, signed, tell


@pytest.fixture
def before(home: Home) -> Home:
    """A shop that was connected before anything was recorded, so that its orders are new."""
    with home.runtime.database.shops(home.shop.shop_id) as session:
        for statement in (
            "UPDATE shops SET connected_at = '2026-11-20' WHERE id = :shop",
            "UPDATE flow_switches SET since = '2026-11-20' WHERE shop_id = :shop",
        ):
            session.execute(text(statement), {"shop": home.shop.shop_id})
    return home


def test_every_recording_comes_in_signed_and_no_changed_byte_does(home: Home) -> None:
    checked = 0
    for name in names():
        for one in each(name):
            raw = base64.b64decode(one["raw_body_base64"])
            if "X-WC-Webhook-Signature" not in one["headers"]:
                assert deliver(home, one) == 200, "the ping"
                continue
            good = signed(raw, home.secret())
            flipped = raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:]
            anew = json.dumps(json.loads(raw)).encode()
            assert deliver(home, one, flipped, good) == 401, name
            assert anew == raw or deliver(home, one, anew, good) == 401, name
            assert deliver(home, one) == 200, name
            checked += 1
    assert checked == 35
    home.rest()
    assert not home.rows("SELECT 1 FROM inbox WHERE state = 'quarantined'")


def test_one_delivery_id_two_products_both_applied(home: Home) -> None:
    first, second = each("sequence.same_delivery_id")
    ids = {one["headers"]["X-WC-Webhook-Delivery-ID"] for one in (first, second)}
    assert len(ids) == 1 and first["raw_body_base64"] != second["raw_body_base64"]
    for one in (first, second):
        home.store.post("/sandbox/put", {"noun": "product", "body": one["body"]})
        assert deliver(home, one) == 200
        home.rest()
    assert home.outcomes() == ["processed", "processed"]
    (row,) = home.rows("SELECT body FROM products WHERE id = :id", id=str(second["body"]["id"]))
    assert row.body["title"] == second["body"]["name"]


def test_four_orders_under_one_delivery_id_are_all_applied(home: Home) -> None:
    recording = recorded("order.created.paid")
    for number in range(4):
        body = {**recording["body"], "id": 500 + number, "number": str(500 + number)}
        home.store.post("/sandbox/put", {"noun": "order", "body": body})
        assert deliver(home, recording, json.dumps(body).encode()) == 200
    home.rest()
    assert [row.id for row in home.rows("SELECT id FROM orders ORDER BY id")] == ["500", "501", "502", "503"]


def test_draft_then_change_then_making_is_one_journey_from_the_paid_state(before: Home) -> None:
    paid = recorded("order.created.paid")["body"]
    draft = recorded("order.updated.checkout_draft")
    cart = {**draft["body"], "id": paid["id"], "number": paid["number"]}
    assert deliver(before, draft, json.dumps(cart).encode()) == 200
    before.store.post("/sandbox/put", {"noun": "order", "body": paid})
    for topic in ("order.updated.on_creation", "order.created.paid"):
        assert deliver(before, recorded(topic)) == 200
    before.rest()
    assert before.outcomes() == ["ignored:checkout_draft", "processed", "processed"]
    journeys = before.rows("SELECT subject FROM journeys WHERE flow_key = 'order_confirmation'")
    assert [row.subject for row in journeys] == [f"order:{paid['id']}"]


def test_an_error_for_a_body_is_no_crash_and_asks_for_reconnecting(home: Home) -> None:
    home.quirks(lost_rights=True)
    assert deliver(home, recorded("order.updated.permission_error")) == 200
    home.rest()
    assert home.outcomes() == ["needs_reconnect"]
    assert home.state() == "needs_reconnect"
    assert home.rows("SELECT 1 FROM orders") == []


def test_a_coupon_event_about_a_product_deletes_nothing(home: Home) -> None:
    product = recorded("product.created")["body"]
    home.store.post("/sandbox/put", {"noun": "product", "body": product})
    tell(home, "product.created")
    wrong = recorded("coupon.deleted.wrong_resource")
    body = json.dumps({"id": product["id"]}).encode()
    before = home.rows("SELECT id, body FROM products ORDER BY id")
    assert deliver(home, wrong) == deliver(home, wrong, body) == 200
    home.rest()
    assert home.outcomes()[1:] == ["ignored:topic", "ignored:topic"]
    assert home.rows("SELECT id, body FROM products ORDER BY id") == before


def test_part_then_all_refunded(before: Home) -> None:
    """What an order brought falls from 82.70 over 56.80 to nothing; only the last ends the request."""
    refunds = recorded("rest/order_refunds")["body"]
    left = []
    for name in ("order.created.paid", "order.updated.partial_refund", "order.updated.full_refund"):
        order = recorded(name)["body"]
        listed = [one for one in refunds if one["id"] in {part["id"] for part in order["refunds"]}]
        if listed:
            before.store.post(
                "/sandbox/put", {"noun": "refunds", "body": {"refunds": listed, "order_id": order["id"]}}
            )
        tell(before, name)
        (row,) = before.rows("SELECT body FROM orders")
        left.append((row.body["total"] - row.body["refunded"], row.body["fully_refunded"]))
    assert left == [(8270, False), (5680, False), (0, True)]
    kinds = [row.kind for row in before.rows("SELECT kind FROM events ORDER BY happened_at, kind")]
    assert kinds.count("LinesRefunded") == 2 and kinds.count("OrderRefunded") == 1


def test_a_review_request_ends_with_the_last_refund_only(home: Home) -> None:
    order = home.order("LK-SHADE-30", "LK-CANDLE-6")
    for action in ("ship", "deliver"):
        home.store.act(order, action)
        home.rest()

    def request() -> tuple[str, str | None]:
        (row,) = home.rows("SELECT status, end_reason FROM journeys WHERE flow_key = 'review_request'")
        return row.status, row.end_reason

    home.store.act(order, "refund", lines=[{"line_id": order["line_ids"][0], "quantity": 1}])
    home.rest()
    assert request() == ("active", None)
    home.store.act(order, "refund")
    home.rest()
    assert request() == ("ended", "OrderRefunded")


def test_fulfilled_without_numbers_is_looked_up_and_told_once_a_fulfilment(before: Home) -> None:
    before.quirks(fulfillments=True)
    order, answer = recorded("order.updated.fulfilled"), recorded("rest/order_fulfillments")["body"]
    before.store.post("/sandbox/put", {"noun": "order", "body": order["body"]})
    before.store.post("/sandbox/put", {"noun": "fulfillments", "body": answer})
    assert deliver(before, order) == 200
    before.rest()
    known = {str(one["id"]) for one in answer["fulfillments"]}
    shipped = before.rows("SELECT subject FROM journeys WHERE flow_key = 'shipped' ORDER BY subject")
    assert len(shipped) == len(known)
    # The same again, as every later change of the order would tell it.
    later = {**order["body"], "date_modified_gmt": "2026-11-21T23:59:00", "customer_note": "again"}
    before.store.post("/sandbox/put", {"noun": "order", "body": later})
    assert deliver(before, order, json.dumps(later).encode()) == 200
    before.rest()
    assert before.rows("SELECT subject FROM journeys WHERE flow_key = 'shipped' ORDER BY subject") == shipped


def test_an_older_body_that_comes_late_changes_nothing(before: Home) -> None:
    tell(before, "order.created.paid", "order.updated.completed")
    state = before.rows("SELECT version, body FROM orders")
    assert deliver(before, recorded("order.updated.on_creation")) == 200
    before.rest()
    assert before.rows("SELECT version, body FROM orders") == state
