"""The shop's own mails: which it would send, and when the plugin holds one back."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.sandbox.woocommerce.pluginland import connect
from tests.sandbox.woocommerce.running import Store

OFF = ["customer_processing_order", "customer_completed_order", "customer_fulfillment_created"]
SHOPPER = "kim.vale@example.com"


def _mails(store: Store, order: dict[str, Any]) -> list[tuple[str, bool]]:
    """To the shopper, in their order: the mail's name, and whether it was sent."""
    mine = [one for one in store.get("/sandbox/mails") if one["order"] == order["id"]]
    return [(one["id"], one["sent"]) for one in mine if one["to"] == SHOPPER]


def _all_sent(store: Store, order: dict[str, Any]) -> list[str]:
    assert all(sent for _, sent in _mails(store, order))
    return [name for name, _ in _mails(store, order)]


def test_what_the_shop_says_of_an_order_by_itself(store: Store) -> None:
    order = store.order("LK-SHADE-30", "LK-CANDLE-6", payment="bank_transfer")
    store.act(order, "pay")
    store.act(order, "refund", lines=[{"line_id": order["line_ids"][0], "quantity": 1}])
    store.rest("PUT", f"orders/{order['id']}", json={"status": "completed"})
    store.rest("POST", f"orders/{order['id']}/notes", json={"note": "for us"})
    store.rest("POST", f"orders/{order['id']}/notes", json={"note": "Tracking", "customer_note": True})
    store.act(order, "refund")
    assert _all_sent(store, order) == [
        "customer_on_hold_order", "customer_processing_order", "customer_partially_refunded_order",
        "customer_completed_order", "customer_note", "customer_refunded_order",
    ]  # fmt: skip
    admin = [one["id"] for one in store.get("/sandbox/mails") if one["to"] != SHOPPER]
    assert admin.count("new_order") == 1 + 10, "of this order and of the shop's past ten"


def test_cancelling_and_failing(store: Store) -> None:
    order = store.order()
    store.act(order, "cancel")
    assert _all_sent(store, order) == ["customer_processing_order", "customer_cancelled_order"]
    other = store.order(payment="bank_transfer")
    store.act(other, "status", status="failed")
    assert _all_sent(store, other) == ["customer_on_hold_order", "customer_failed_order"]


def test_statuses_of_other_plugins_say_nothing_here(store: Store) -> None:
    order = store.order()
    store.act(order, "ship")
    store.act(order, "deliver")
    assert _all_sent(store, order) == ["customer_processing_order"]


def test_fulfilments_have_mails_of_their_own(store: Store) -> None:
    store.post("/sandbox/quirks", {"fulfillments": True})
    order = store.order()
    parcel = store.act(order, "ship")["parcel_id"]
    store.act(order, "correct", parcel_id=parcel, tracking_number="77")
    assert _all_sent(store, order)[1:] == ["customer_fulfillment_created", "customer_fulfillment_updated"]


def test_what_the_app_tells_the_shop_does_not(store: Store) -> None:
    connect(store, mails_off=OFF)
    order = store.order(payment="bank_transfer")
    store.act(order, "pay")
    store.rest("PUT", f"orders/{order['id']}", json={"status": "completed"})
    assert _mails(store, order) == [
        ("customer_on_hold_order", True), ("customer_processing_order", False),
        ("customer_completed_order", False),
    ]  # fmt: skip
    connect(store, mails_off=[])
    assert _all_sent(store, other := store.order()) == ["customer_processing_order"], other


def test_what_was_called_off_or_given_back(store: Store) -> None:
    lost = ["customer_refunded_order", "customer_partially_refunded_order", "customer_cancelled_order"]
    connect(store, mails_off=lost)
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    store.act(order, "refund", lines=[{"line_id": order["line_ids"][0], "quantity": 1}])
    store.act(order, "refund")
    other = store.order()
    store.act(other, "cancel")
    assert _mails(store, order)[1:] == [(lost[1], False), (lost[0], False)]
    assert _mails(store, other)[1:] == [(lost[2], False)]
    assert sorted(_noted(store, order, "_doorstep_held")) == sorted(lost[:2])
    assert _asked(store, str(order["id"]), lost[1]) is True, "whatever became of the order"
    assert _asked(store, str(other["id"]), lost[2]) is True
    assert _noted(store, other, "_doorstep_wrote") == ["customer_processing_order", lost[2]]


def _silence(store: Store, seconds: int) -> None:
    """The last word of the app was so long ago."""
    shop = store.stores.named(store.shop)
    plugin = shop.read("shop", "plugin") or {}
    shop.write("shop", "plugin", plugin | {"received_at": plugin["received_at"] - seconds})


@pytest.mark.parametrize(
    ("seconds", "sent"), [(0, False), (29 * 60, False), (31 * 60, True), (-30, False), (-3600, True)]
)
def test_a_silent_app_silences_nobody(store: Store, seconds: int, sent: bool) -> None:
    connect(store, mails_off=OFF)
    _silence(store, seconds)
    assert _mails(store, store.order()) == [("customer_processing_order", sent)]


def test_the_next_word_of_the_app_silences_again(store: Store) -> None:
    connect(store, mails_off=OFF)
    store.post("/sandbox/quirks", {"app_away": True})
    assert _all_sent(store, store.order()) == ["customer_processing_order"]
    store.post("/sandbox/quirks", {"app_away": False})
    assert _mails(store, store.order()) == [("customer_processing_order", False)]


@pytest.mark.parametrize("left", ["disconnect", "uninstall"])
def test_who_left_silences_nobody(store: Store, left: str) -> None:
    connect(store, mails_off=OFF)
    store.post(f"/sandbox/plugin/{left}")
    assert _all_sent(store, store.order()) == ["customer_processing_order"]


def test_hours_of_difference_between_the_clocks_change_nothing(store: Store) -> None:
    store.post("/sandbox/quirks", {"clock_hours": 7})
    connect(store, mails_off=OFF)
    assert _mails(store, store.order()) == [("customer_processing_order", False)]


def test_orders_of_before_and_orders_with_downloads_stay_with_the_shop(store: Store) -> None:
    connect(store, mails_off=OFF, since=int(time.time()) + 3600)
    assert _all_sent(store, store.order()) == ["customer_processing_order"]
    connect(store, mails_off=OFF, since=int(time.time()) - 3600)
    assert _mails(store, store.order()) == [("customer_processing_order", False)]
    (candles,) = store.read("products", sku="LK-CANDLE-6")
    store.rest("PUT", f"products/{candles['id']}", json={"downloadable": True})
    assert _all_sent(store, store.order()) == ["customer_processing_order"], "the link is in it"


def test_what_is_no_mail_of_ours_is_never_held_back(store: Store) -> None:
    connect(store, mails_off=["customer_on_hold_order", "customer_failed_order"])
    order = store.order(payment="bank_transfer")
    assert _all_sent(store, order) == ["customer_on_hold_order"]


RELEASE = "/wp-json/wc-doorstep/v1/mails"


def _asked(store: Store, order: Any, mail: Any) -> Any:
    body = {"order": order, "mail": mail}
    answer = store.call("POST", RELEASE, json=body, auth=store.key)
    return answer.json()["sent"] if answer.status_code == 200 else answer.status_code


def _noted(store: Store, order: dict[str, Any], key: str) -> list[str]:
    metas = store.read(f"orders/{order['id']}")["meta_data"]
    return [name for meta in metas if meta["key"] == key for name in meta["value"]]


def test_what_became_of_its_mails_stands_on_the_order(store: Store) -> None:
    connect(store, mails_off=["customer_processing_order"])
    order = store.order()
    store.act(order, "status", status="completed")
    assert _noted(store, order, "_doorstep_held") == ["customer_processing_order"]
    assert _noted(store, order, "_doorstep_wrote") == ["customer_completed_order"]


def test_what_was_held_back_is_sent_when_it_is_asked_for_and_once(store: Store) -> None:
    connect(store, mails_off=OFF)
    order = store.order()
    changed = store.read(f"orders/{order['id']}")["date_modified_gmt"]
    assert _asked(store, "999999", OFF[0]) is False
    assert _asked(store, str(order["id"]), OFF[1]) is False, "it was not held back"
    assert _asked(store, str(order["id"]), OFF[0]) is True
    assert _asked(store, str(order["id"]), OFF[0]) is False
    assert _mails(store, order) == [(OFF[0], False), (OFF[0], True)]
    assert store.read(f"orders/{order['id']}")["date_modified_gmt"] == changed
    assert _noted(store, order, "_doorstep_held") == []


@pytest.mark.parametrize(
    ("order", "mail"), [("", OFF[0]), (7, OFF[0]), ("0", OFF[0]), ("7", "customer_note"), ("7", None)]
)
def test_what_cannot_be_asked_for(store: Store, order: Any, mail: Any) -> None:
    connect(store, mails_off=OFF)
    assert _asked(store, order, mail) == 400


def test_of_what_is_over_nothing_is_sent(store: Store) -> None:
    connect(store, mails_off=OFF)
    order = store.order()
    store.act(order, "cancel")
    assert _asked(store, str(order["id"]), OFF[0]) is False
    assert _mails(store, order)[0] == (OFF[0], False)
