"""How the fake Shopify speaks: headers, signatures, topics, repetitions, quirks, restarts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import threading
import uuid
from datetime import UTC, datetime, timedelta

from sandbox.clock import Clock
from sandbox.deliveries import AttemptsPolicy
from sandbox.settings import Settings
from tests.sandbox.shopify.running import MAIN, SECRET, Api, Receiver, Store, serving

ORDER_TOPICS = ("orders/create", "orders/updated", "orders/paid", "orders/fulfilled",
                "orders/partially_fulfilled", "orders/cancelled", "orders/delete", "fulfillments/create",
                "fulfillments/update", "fulfillment_events/create", "refunds/create")  # fmt: skip


def test_headers_are_the_platforms(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    store.order()
    store.settle()
    headers = receiver.only("orders/create").headers
    assert headers["X-Shopify-Topic"] == "orders/create"
    assert headers["X-Shopify-Shop-Domain"] == MAIN
    assert headers["X-Shopify-API-Version"] == "2026-10"
    assert headers["Content-Type"] == "application/json"
    assert uuid.UUID(headers["X-Shopify-Webhook-Id"]) != uuid.UUID(headers["X-Shopify-Event-Id"])
    triggered = datetime.fromisoformat(headers["X-Shopify-Triggered-At"])
    assert abs(datetime.now(UTC) - triggered) < timedelta(minutes=1)


def test_the_signature_covers_the_exact_bytes(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    store.order(first_name="Zoë", last_name="O'Hara & Søn")
    store.settle()
    delivery = receiver.only("orders/create")
    digest = hmac.new(SECRET.encode(), delivery.raw, hashlib.sha256).digest()
    assert delivery.headers["X-Shopify-Hmac-Sha256"] == base64.b64encode(digest).decode()
    assert "Zoë" in delivery.raw.decode("utf-8")


def test_one_action_shares_an_event_id_and_every_delivery_has_its_own_id(
    store: Store, api: Api, receiver: Receiver
) -> None:
    api.subscribe(receiver.address, "orders/create", "orders/paid", "orders/updated")
    store.order()
    store.settle()
    assert len({one.headers["X-Shopify-Event-Id"] for one in receiver.got}) == 1
    assert len({one.headers["X-Shopify-Webhook-Id"] for one in receiver.got}) == 3


def test_topics_of_an_orders_life(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, *ORDER_TOPICS)
    placed = store.order("HP-FERRY-250", "HP-MUG-MOSS")
    act = f"/sandbox/orders/{placed['id']}"
    first = [{"line_id": placed["line_ids"][0], "quantity": 1}]
    told = []
    for path, body in (
        (None, {}),
        ("ship", {"lines": first}),
        ("ship", {}),
        ("out-for-delivery", {}),
        ("refund", {"lines": first}),
        ("cancel", {}),
        ("trash", {}),
    ):
        if path:
            store.post(f"{act}/{path}", body)
        store.settle()
        told.append(sorted(receiver.topics()))
        receiver.got.clear()
    assert told == [
        ["orders/create", "orders/paid", "orders/updated"],
        ["fulfillments/create", "orders/partially_fulfilled", "orders/updated"],
        ["fulfillments/create", "orders/fulfilled", "orders/updated"],
        ["fulfillment_events/create"] * 2 + ["fulfillments/update"] * 2 + ["orders/updated"],
        ["orders/updated", "refunds/create"],
        ["orders/cancelled", "orders/updated"],
        ["orders/delete"],
    ]


def test_a_bank_transfer_is_paid_later(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create", "orders/paid")
    placed = store.order(payment="bank_transfer")
    store.settle()
    assert receiver.topics() == ["orders/create"]
    assert receiver.only("orders/create").body["financial_status"] == "pending"
    assert store.get(f"/sandbox/orders/{placed['id']}")["status"] == "pending"
    store.post(f"/sandbox/orders/{placed['id']}/pay")
    store.settle()
    assert receiver.only("orders/paid").body["financial_status"] == "paid"


def test_consent_is_told_once_and_never_taken_back_by_an_empty_box(
    store: Store, api: Api, receiver: Receiver
) -> None:
    topic = "customers_email_marketing_consent/update"
    api.subscribe(receiver.address, topic, "customers/create", "customers/update")
    for accepts in (False, True, True, False):
        store.order(accepts_marketing=accepts)
    store.settle()
    assert receiver.only(topic).body["email_marketing_consent"]["state"] == "subscribed"
    assert sorted(receiver.topics()) == ["customers/create", *["customers/update"] * 3, topic]
    store.post("/sandbox/customers/kim.vale@example.com/consent", {"state": "unsubscribed"})
    store.settle()
    assert receiver.of(topic)[-1].body["email_marketing_consent"]["state"] == "unsubscribed"


def test_a_failed_delivery_is_repeated_unchanged_and_recorded(
    store: Store, api: Api, receiver: Receiver
) -> None:
    receiver.status = lambda number: (503, 302, 200)[min(number, 2)]
    api.subscribe(receiver.address, "orders/create")
    store.order()
    store.settle()
    assert len(receiver.got) == 3
    assert len({one.headers["X-Shopify-Webhook-Id"] for one in receiver.got}) == 1
    assert len({one.raw for one in receiver.got}) == 1
    (record,) = store.get("/sandbox/deliveries")
    assert (record["topic"], record["state"], record["status"], record["attempts"]) == (
        "orders/create", "delivered", 200, 3,
    )  # fmt: skip
    assert record["when"] is not None


def test_after_eight_repetitions_it_is_given_up(store: Store, api: Api, receiver: Receiver) -> None:
    receiver.status = lambda number: 500
    api.subscribe(receiver.address, "orders/create")
    store.order()
    store.settle()
    assert len(receiver.got) == 9
    assert [record["state"] for record in store.get("/sandbox/deliveries")] == ["failed"]


def test_quirk_same_delivery_id_sends_everything_twice(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    store.post("/sandbox/quirks", {"same_delivery_id": True})
    store.order()
    store.settle()
    first, second = receiver.of("orders/create")
    assert first.headers["X-Shopify-Webhook-Id"] == second.headers["X-Shopify-Webhook-Id"]
    assert first.raw == second.raw


def test_quirk_drop_records_and_sends_nothing(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    store.post("/sandbox/quirks", {"drop": True})
    store.order()
    store.settle()
    store.post("/sandbox/quirks", {"drop": False})
    store.order()
    store.settle()
    assert len(receiver.got) == 1
    assert [record["state"] for record in store.get("/sandbox/deliveries")] == ["dropped", "delivered"]


def test_quirk_late_seconds_waits(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    assert store.post("/sandbox/quirks", {"late_seconds": 1.5}) == {"late_seconds": 1.5}
    store.order()
    assert not store.deliveries.wait_until_idle(0.5)
    assert receiver.got == []
    store.settle()
    assert len(receiver.got) == 1


def test_an_unknown_quirk_is_refused(store: Store) -> None:
    for wrong in ({"merge": True}, {"drop": "yes"}, {"late_seconds": -1}):
        assert store.call("POST", "/sandbox/quirks", json=wrong).status_code == 400


def test_many_webhooks_are_under_way_at_once(store: Store, api: Api, receiver: Receiver) -> None:
    together = threading.Barrier(4)

    def answer(number: int) -> int:
        together.wait(timeout=10)
        return 200

    receiver.status = answer
    api.subscribe(receiver.address, "orders/create")
    for _ in range(4):
        store.order()
    store.settle()
    assert not together.broken
    assert len(receiver.got) == 4


def test_two_hundred_orders_are_all_told(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create")
    numbers = [store.order(email=f"buyer{place}@example.com")["number"] for place in range(200)]
    store.settle()
    assert sorted(one.body["name"] for one in receiver.got) == sorted(numbers)
    assert len(set(numbers)) == 200


def test_a_restart_goes_on_with_what_was_open(settings: Settings, receiver: Receiver) -> None:
    receiver.status = lambda number: 503 if number == 0 else 200
    with serving(settings, AttemptsPolicy(waits=(60.0,))) as store:
        Api(store, store.install()).subscribe(receiver.address, "orders/create")
        placed = store.order()
        assert not store.deliveries.wait_until_idle(1.0)
    with serving(settings) as store:
        store.settle()
        assert [one.body["id"] for one in receiver.got] == [int(placed["id"])] * 2
        assert store.get("/sandbox/orders")[0]["id"] == placed["id"]


def test_times_follow_the_virtual_clock_and_daylight_saving(
    settings: Settings, store: Store, api: Api, receiver: Receiver
) -> None:
    api.subscribe(receiver.address, "orders/create")
    clock = Clock(settings.clock_file)
    for month, offset in ((1, "-06:00"), (7, "-05:00")):
        wanted = datetime(datetime.now(UTC).year + 1, month, 15, 12, tzinfo=UTC)
        clock.set_offset((wanted - datetime.now(UTC)).total_seconds())
        store.order()
        store.settle()
        created = receiver.got[-1].body["created_at"]
        assert created.endswith(offset)
        assert abs(datetime.fromisoformat(created) - wanted) < timedelta(minutes=1)


def test_nothing_is_ever_sent_off_this_machine(store: Store, api: Api) -> None:
    api.subscribe("https://198.51.100.7/webhooks/shopify", "orders/create")
    store.order()
    store.settle()
    (record,) = store.get("/sandbox/deliveries")
    assert record["state"] == "failed"
    assert re.search("outside this machine", record["problem"])
