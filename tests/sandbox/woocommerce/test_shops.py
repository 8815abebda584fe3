"""Several shops in one process, their past, and what is put into them as it was recorded."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from sandbox.woocommerce.quirks import QUIRKS, TABLE
from tests.sandbox.woocommerce.running import THROW_AWAY, Store, recorded, serving, settings_in


def test_a_throw_away_shop_shares_nothing_with_the_main_one(store: Store, empty_store: Store) -> None:
    assert empty_store.get("/sandbox/orders") == []
    order = empty_store.order()
    assert len(store.get("/sandbox/orders")) == 10
    assert [one["number"] for one in empty_store.get("/sandbox/orders")] == [order["number"]]
    assert store.rest("GET", "orders").status_code == 200
    stranger = store.call("GET", "/wp-json/wc/v3/orders", auth=empty_store.key)
    assert stranger.status_code == 401
    body = empty_store.read(f"orders/{order['id']}")
    assert body["payment_url"].startswith(f"https://{THROW_AWAY}/checkout/")


def test_opening_twice_changes_nothing(empty_store: Store) -> None:
    empty_store.order()
    empty_store.post("/sandbox/shops", {"domain": THROW_AWAY})
    assert len(empty_store.get("/sandbox/orders")) == 1


def test_only_names_of_the_table_are_opened(quiet_store: Store) -> None:
    quiet_store.post("/sandbox/shops", {"domain": "elsewhere.example"}, status=400)
    assert quiet_store.call("GET", "/", headers={"Host": "elsewhere.example"}).status_code == 404


def test_this_machines_own_address_is_the_main_shop(store: Store, empty_store: Store) -> None:
    address = f"127.0.0.1:{store.settings.woocommerce_port}"
    here = store.call("GET", "/sandbox/orders", headers={"Host": address}).json()
    assert len(here) == 10
    there = store.call("GET", f"/sandbox/orders?shop={THROW_AWAY}", headers={"Host": address}).json()
    assert there == []


def test_the_past_of_the_main_shop(quiet_store: Store) -> None:
    orders = quiet_store.read("orders", per_page=100)
    now = datetime.now(UTC)
    placed = [datetime.fromisoformat(order["date_created_gmt"]).replace(tzinfo=UTC) for order in orders]
    assert all(timedelta(days=18) < now - moment < timedelta(days=330) for moment in placed)
    assert Counter(order["status"] for order in orders) == {
        "delivered": 7, "shipped": 1, "refunded": 1, "cancelled": 1,
    }  # fmt: skip
    kinds = {tag["name"] for product in quiet_store.read("products", per_page=100) for tag in product["tags"]}
    assert kinds == {"timing:fast", "timing:standard", "timing:complex", "timing:long"}


def test_a_recorded_order_is_put_in_silently_and_read_back_as_it_is(store: Store) -> None:
    store.listen("order.created", "order.updated")
    body = recorded("order.updated.partial_refund")["body"]
    assert store.post("/sandbox/put", {"noun": "order", "body": body}) == {"id": "13"}
    store.settle()
    assert store.receiver.got == []
    assert store.read("orders/13") == body
    (refund,) = store.read("orders/13/refunds")
    assert (refund["id"], refund["amount"], refund["line_items"]) == (14, "25.90", [])


def test_recorded_refunds_and_fulfilments_find_their_order(store: Store) -> None:
    store.post("/sandbox/put", {"noun": "order", "body": recorded("order.updated.full_refund")["body"]})
    refunds = recorded("rest/order_refunds")["body"]
    assert store.post("/sandbox/put", {"noun": "refunds", "body": {"refunds": refunds}}) == {"id": "13"}
    assert store.read("orders/13/refunds") == refunds
    body = recorded("rest/order_fulfillments")["body"]
    store.post("/sandbox/put", {"noun": "order", "body": recorded("order.updated.fulfilled")["body"]})
    assert store.post("/sandbox/put", {"noun": "fulfillments", "body": body}) == {"id": "17"}
    store.post("/sandbox/quirks", {"fulfillments": True})
    assert store.read("orders/17/fulfillments") == body


def test_a_recorded_order_can_be_acted_on(store: Store) -> None:
    store.post("/sandbox/put", {"noun": "order", "body": recorded("order.created.eur_variation")["body"]})
    shipped = store.post("/sandbox/orders/26/ship")
    assert shipped["parcel_id"]
    assert store.read("orders/26")["status"] == "shipped"


def test_what_cannot_be_put(quiet_store: Store) -> None:
    quiet_store.post("/sandbox/put", {"noun": "webhook", "body": {"id": 1}}, status=400)
    quiet_store.post("/sandbox/put", {"noun": "order", "body": {"number": "1"}}, status=400)
    quiet_store.post("/sandbox/put", {"noun": "refunds", "body": {"refunds": [{"id": 3}]}}, status=400)


def test_uninstalling_revokes_every_key_and_tells_nobody(store: Store) -> None:
    store.listen("order.created")
    store.post("/sandbox/uninstall")
    store.settle()
    assert store.receiver.got == []
    assert store.rest("GET", "orders").status_code == 401


def test_unknown_quirks_are_refused(store: Store) -> None:
    for wanted in ({"flood": True}, {"late_seconds": -1}, {"merge": "yes"}, {"clock_hours": None}):
        store.post("/sandbox/quirks", wanted, status=400)
    assert store.post("/sandbox/quirks", {"late_seconds": 2, "clock_hours": -3}) == {
        **QUIRKS, "late_seconds": 2.0, "clock_hours": -3.0,
    }  # fmt: skip
    assert store.post("/sandbox/quirks", {"late_seconds": 0}) == {**QUIRKS, "clock_hours": -3.0}


def test_every_quirk_is_explained() -> None:
    assert all(len(quirk.meaning) > 15 for quirk in TABLE.values())
    assert {name for name, quirk in TABLE.items() if quirk.value} == {"hints"}, "on from the beginning"


def test_a_restart_goes_on_where_it_was(store: Store) -> None:
    order = store.order()
    with serving(settings_in(store.settings.data), store.receiver) as again:
        assert len(again.get("/sandbox/orders")) == 11
        assert int(again.order()["id"]) > int(order["id"])


def test_pictures_are_drawn_for_everything_on_the_shelf(quiet_store: Store) -> None:
    for product in quiet_store.read("products", per_page=100):
        path = product["images"][0]["src"].removeprefix(quiet_store.address)
        answer = quiet_store.call("GET", path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
        assert answer.content.startswith(b"\x89PNG")
    assert quiet_store.call("GET", "/pictures/nothing.png").status_code == 404
