"""The real platform's bad habits, each as it was seen."""

from __future__ import annotations

from tests.sandbox.woocommerce.running import Store, serving, settings_in, until

ALL = ("order.created", "order.updated")


def test_a_change_is_told_before_the_making(store: Store) -> None:
    store.listen(*ALL)
    store.order()
    store.settle()
    assert [one.topic for one in store.receiver.got] == ["order.updated", "order.updated", "order.created"]
    assert [one.body["status"] for one in store.receiver.got] == [
        "checkout-draft",
        "processing",
        "processing",
    ]


def test_a_body_is_made_when_it_is_sent(store: Store) -> None:
    store.listen("order.updated")
    store.post("/sandbox/quirks", {"late_seconds": 1.5})
    order = store.order(payment="bank_transfer")
    store.act(order, "pay")
    store.act(order, "ship")
    store.settle()
    told = [one.body["status"] for one in store.receiver.of("order.updated")]
    assert told == ["checkout-draft", "shipped", "shipped", "shipped"]


def test_waiting_changes_of_one_order_are_merged_by_the_quirk(store: Store) -> None:
    store.listen("order.updated")
    store.post("/sandbox/quirks", {"merge": True})
    order, other = store.order(payment="bank_transfer"), store.order()
    for action in ("pay", "ship", "deliver"):
        store.act(order, action)
    store.settle()
    told = [(one.body["number"], one.body["status"]) for one in store.receiver.of("order.updated")]
    whole = [one for one in told if one[1] != "checkout-draft"]
    assert sorted(whole) == sorted([(order["number"], "delivered"), (other["number"], "processing")])


def test_the_delivery_id_is_one_per_webhook_and_second(store: Store) -> None:
    store.listen(*ALL)
    store.post("/sandbox/quirks", {"same_delivery_id": True})
    for _ in range(2):
        store.order()
    store.settle()
    ids = {
        topic: {one.headers["X-WC-Webhook-Delivery-ID"] for one in store.receiver.of(topic)} for topic in ALL
    }
    assert [len(found) for found in ids.values()] == [1, 1]
    assert ids["order.created"] != ids["order.updated"]


def test_without_the_quirk_another_second_gives_another_id(store: Store) -> None:
    store.listen("order.created")
    store.order()
    store.settle()
    first = store.receiver.only("order.created").headers["X-WC-Webhook-Delivery-ID"]
    store.post("/sandbox/quirks", {"late_seconds": 1.1})
    store.order()
    store.settle()
    assert store.receiver.of("order.created")[1].headers["X-WC-Webhook-Delivery-ID"] != first


def test_dropped_deliveries_are_recorded_and_never_sent(store: Store) -> None:
    store.listen("order.created")
    store.post("/sandbox/quirks", {"drop": True})
    store.order()
    store.settle()
    assert store.receiver.got == []
    assert [one["state"] for one in store.get("/sandbox/deliveries")] == ["dropped"]


def test_a_failure_is_never_tried_again(store: Store) -> None:
    store.listen("order.created")
    store.receiver.status = lambda number: 500
    store.order()
    store.settle()
    assert len(store.receiver.of("order.created")) == 1
    (record,) = store.get("/sandbox/deliveries")
    assert (record["topic"], record["status"], record["state"]) == ("order.created", 500, "failed")


def _status(store: Store, webhook_id: int) -> str:
    return str(store.read(f"webhooks/{webhook_id}")["status"])


def _fail(store: Store, times: int) -> None:
    """One after the other, as the real queue sends them."""
    for _ in range(times):
        store.order()
        store.settle()


def test_the_seventh_failure_in_a_row_switches_a_webhook_off(store: Store) -> None:
    id = store.listen("order.created")["order.created"]
    store.receiver.status = lambda number: 500
    _fail(store, 6)
    assert _status(store, id) == "active"
    _fail(store, 1)
    assert _status(store, id) == "disabled"
    assert [one["id"] for one in store.read("webhooks", status="disabled")] == [id]
    store.order()
    store.settle()
    assert len(store.receiver.of("order.created")) == 7, "a disabled webhook is silent"
    store.rest("PUT", f"webhooks/{id}", json={"status": "active"})
    _fail(store, 1)
    assert _status(store, id) == "disabled", "switching it on again forgives nothing"


def test_only_a_success_starts_the_count_again(store: Store) -> None:
    id = store.listen("order.created")["order.created"]
    # A redirect to a found page counts as a success for this platform.
    store.receiver.status = lambda number: 302 if number == 6 else 500
    _fail(store, 13)
    assert _status(store, id) == "active"
    _fail(store, 1)
    assert _status(store, id) == "disabled"


def test_a_failed_ping_prevents_nothing(store: Store) -> None:
    store.receiver.status = lambda number: 500
    wish = {"topic": "order.created", "delivery_url": f"{store.receiver.address}/hooks/x"}
    made = store.rest("POST", "webhooks", json=wish)
    assert (made.status_code, made.json()["status"]) == (201, "active")


def test_webhooks_are_changed_and_deleted(store: Store) -> None:
    id = store.listen("order.created")["order.created"]
    changed = store.rest("PUT", f"webhooks/{id}", json={"topic": "order.updated", "secret": "another"}).json()
    assert (changed["topic"], changed["event"]) == ("order.updated", "updated")
    answer = store.rest("DELETE", f"webhooks/{id}")
    assert (answer.status_code, answer.json()["code"]) == (501, "woocommerce_rest_trash_not_supported")
    assert store.rest("DELETE", f"webhooks/{id}", params={"force": "true"}).status_code == 200
    assert store.rest("GET", f"webhooks/{id}").status_code == 404


def test_what_a_stopped_store_still_had_to_send_goes_out_later(store: Store) -> None:
    store.listen("order.created")
    store.post("/sandbox/quirks", {"late_seconds": 30.0})
    order = store.order()
    store.stores.deliveries.stop()
    with serving(settings_in(store.settings.data), store.receiver) as again:
        until(lambda: bool(store.receiver.of("order.created")))
        again.settle()
    assert store.receiver.only("order.created").body["number"] == order["number"]
