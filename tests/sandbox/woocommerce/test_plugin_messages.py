"""What the plugin of the fake store tells the app, read by the app's own reader off real HTTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from connectors.app_proxy import check
from connectors.base import Refused
from connectors.woocommerce.page_token import read_page_token
from connectors.woocommerce.plugin_keys import PROXY, key_for
from connectors.woocommerce.plugin_message import is_proven, read_hint, read_message
from sandbox.woocommerce.plugin import new_token, plugin_of
from tests.sandbox.app_standin import app_standin
from tests.sandbox.woocommerce.pluginland import (
    SECRET,
    SETTINGS,
    connect,
    hints,
    log_in,
    messages,
    settings_for,
)
from tests.sandbox.woocommerce.receiving import Received
from tests.sandbox.woocommerce.running import Store

CONNECTION = "/wp-admin/admin.php?page=doorstep-connection"
AWAY = "/wp-admin/admin-post.php?action=doorstep_disconnect"


def _read(
    one: Received, action: str = "hint", secret: str = SECRET, *, now: datetime | None = None
) -> object:
    headers = {name.lower(): value for name, value in one.headers.items()}
    return read_message(action, headers, one.raw, secret, now or datetime.now(UTC)).body


def test_an_order_is_hinted_at_as_soon_as_it_is_placed(store: Store) -> None:
    connect(store)
    order = store.order()
    assert hints(store) == [{"event": "status", "order": order["id"], "from": "pending", "to": "processing"}]
    (one,) = messages(store)
    assert _read(one) == one.body
    assert one.headers["Content-Type"] == "application/json"


def test_each_change_of_an_order_is_hinted_at_once(store: Store) -> None:
    connect(store)
    store.post("/sandbox/quirks", {"fulfillments": True})
    order = store.order(payment="bank_transfer")
    store.act(order, "pay")
    shipped = store.act(order, "ship")
    store.act(order, "correct", parcel_id=shipped["parcel_id"], tracking_number="77")
    store.act(order, "status", status="completed")
    store.act(order, "refund")
    told = [(one["event"], one["from"], one["to"]) for one in hints(store)]
    assert told == [
        ("status", "pending", "on-hold"), ("status", "on-hold", "processing"), ("fulfillment", "", ""),
        ("status", "processing", "completed"), ("refund", "completed", "refunded"),
    ], "the platform has no hook for a corrected number"  # fmt: skip
    assert {one["order"] for one in hints(store)} == {order["id"]}


def test_the_apps_own_reader_understands_every_hint(store: Store) -> None:
    connect(store)
    order = store.order()
    store.act(order, "ship")
    store.settle()
    for one in messages(store):
        headers = {name.lower(): value for name, value in one.headers.items()}
        hint = read_hint(read_message("hint", headers, one.raw, SECRET, datetime.now(UTC)))
        assert (hint.order_id, hint.of_interest) == (order["id"], True)


@pytest.mark.parametrize("spoilt", ["secret", "byte", "action", "late"])
def test_what_is_not_quite_the_plugins_own_word_is_refused(store: Store, spoilt: str) -> None:
    connect(store)
    store.order()
    store.settle()
    (one,) = messages(store)
    if spoilt == "byte":
        one = Received(one.path, one.headers, one.raw.replace(b"pending", b"pendinG"))
    secret = "f" * 64 if spoilt == "secret" else SECRET
    now = datetime.now(UTC) + timedelta(seconds=310 if spoilt == "late" else 0)
    with pytest.raises(Refused) as refused:
        _read(one, "left" if spoilt == "action" else "hint", secret, now=now)
    assert refused.value.status == 401


@pytest.mark.parametrize("quirk", [{"hints": False}, {"no_plugin": True}])
def test_hints_can_be_switched_off(store: Store, quirk: dict[str, bool]) -> None:
    connect(store)
    store.post("/sandbox/quirks", quirk)
    store.order()
    assert hints(store) == []


def test_without_a_door_nothing_is_told(store: Store) -> None:
    connect(store, door="")
    store.order()
    assert hints(store) == []
    assert [one for one in store.receiver.got if "plugin" in one.path] == []


def test_a_hint_that_finds_nobody_is_not_repeated_and_holds_nothing_up(store: Store) -> None:
    connect(store)
    store.receiver.status = lambda number: 500
    store.order()
    assert len(hints(store)) == 1
    store.receiver.status = lambda number: 200
    store.order()
    assert len(hints(store)) == 2, "the sender is still at work"


def test_a_store_whose_clock_is_hours_off_still_signs_for_now(store: Store) -> None:
    store.post("/sandbox/quirks", {"clock_hours": 5})
    assert abs(connect(store)["offset"] - 5 * 3600) <= 2
    store.order()
    assert len(hints(store)) == 1
    assert _read(messages(store)[0])
    shop = store.stores.named(store.shop)
    token = new_token(shop, plugin_of(shop) or {})
    assert read_page_token(token, lambda domain: SECRET, datetime.now(UTC)).domain == store.shop


def test_a_clock_that_went_wrong_after_the_last_word_is_believed_by_nobody(store: Store) -> None:
    connect(store)
    store.post("/sandbox/quirks", {"clock_hours": -1})
    store.order()
    store.settle()
    with pytest.raises(Refused):
        _read(messages(store)[0])
    connect(store)
    store.order()
    store.settle()
    assert _read(messages(store)[-1]), "the next word of ours sets it right"


def test_visitors_are_forwarded_in_the_apps_own_time(store: Store) -> None:
    store.post("/sandbox/quirks", {"clock_hours": 9})
    with app_standin() as app:
        connect(store, app=app.address)
        store.call("GET", "/apps/doorstep/ping?asked=x")
        (asked,) = app.asked
        forwarded = check(asked.query, (key_for(PROXY, SECRET),), datetime.now(UTC))
    assert (forwarded.shop, forwarded.prefix) == (store.shop, "/apps/doorstep")


@pytest.mark.parametrize(
    ("name", "value"),
    [("secret", 7), ("secret", ""), ("app", "ftp://x"), ("door", "javascript:x"), ("shop", None),
     ("pages", 3), ("mails_off", "customer_note"), ("mails_off", [1]), ("script", "yes"), ("time", "now"),
     ("time", True)],
)  # fmt: skip
def test_settings_of_a_wrong_type_change_nothing(store: Store, name: str, value: object) -> None:
    connect(store, mails_off=["customer_completed_order"])
    body = settings_for(store, mails_off=[]) | {name: value}
    answer = store.call("POST", SETTINGS, json=body, auth=store.key)
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")
    assert (plugin_of(store.stores.named(store.shop)) or {})["mails_off"] == ["customer_completed_order"]


def test_settings_tell_what_runs_there(store: Store) -> None:
    told = connect(store)
    assert (told.pop("connected"), abs(told.pop("offset")) <= 2) == (True, True)
    assert set(told) == {"version", "wordpress", "woocommerce", "php"}


def test_the_app_takes_its_settings_away(store: Store) -> None:
    connect(store)
    assert store.call("DELETE", SETTINGS).status_code == 401
    assert plugin_of(store.stores.named(store.shop)) is not None
    assert store.call("DELETE", SETTINGS, auth=store.key).status_code == 200
    assert plugin_of(store.stores.named(store.shop)) is None
    store.order()
    assert hints(store) == []


def test_without_the_plugin_there_is_no_such_route(store: Store) -> None:
    store.post("/sandbox/quirks", {"no_plugin": True})
    answer = store.call("POST", SETTINGS, json=settings_for(store), auth=store.key)
    assert (answer.status_code, answer.json()["code"]) == (404, "rest_no_route")


def test_disconnecting_says_so_and_clears_up(store: Store) -> None:
    store.listen("order.created")
    elsewhere = {"topic": "order.created", "delivery_url": "http://127.0.0.1:9/other", "secret": "s"}
    other = store.rest("POST", "webhooks", json=elsewhere).json()
    connect(store)
    cookie = log_in(store, CONNECTION)
    page = store.call("GET", CONNECTION, headers=cookie).text
    (nonce,) = re.findall(r'name="nonce" value="([^"]+)"', page)
    for data, headers in (({}, cookie), ({"nonce": "guessed"}, cookie), ({"nonce": nonce}, {})):
        assert store.call("POST", AWAY, data=data, headers=headers).status_code in (403, 404)
    assert messages(store, "left") == []
    assert store.call("POST", AWAY, data={"nonce": nonce}, headers=cookie).status_code == 303
    (left,) = messages(store, "left")
    assert _read(left, "left") == {"reason": "disconnected"}
    assert store.rest("GET", "orders").status_code == 401, "the key is gone"
    shop = store.stores.named(store.shop)
    assert [one["id"] for one in shop.every("webhook")] == [other["id"]]
    assert "not connected" in store.call("GET", CONNECTION, headers=cookie).text


@pytest.mark.parametrize("status", [200, 500])
def test_the_plugin_leaves_whatever_the_app_says(store: Store, status: int) -> None:
    connect(store)
    store.receiver.status = lambda number: status
    assert store.post("/sandbox/plugin/uninstall") == {"status": status}
    assert _read(messages(store, "left")[0], "left") == {"reason": "uninstalled"}
    assert plugin_of(store.stores.named(store.shop)) is None
    assert store.post("/sandbox/plugin/uninstall") == {"status": 0}


@pytest.mark.parametrize("action", ["export", "erase"])
def test_demands_by_law_are_carried_to_the_app(store: Store, action: str) -> None:
    connect(store)
    store.post(f"/sandbox/plugin/{action}", {"email": "kim.vale@example.com"})
    (one,) = messages(store, action)
    assert _read(one, action) == {"email": "kim.vale@example.com"}
    store.post(f"/sandbox/plugin/{action}", status=400)
    store.post("/sandbox/plugin/other", status=404)


def test_orders_link_to_their_page_with_a_proof(store: Store) -> None:
    order = store.order()
    assert "/apps/doorstep/o/" not in store.call("GET", f"/placed?order={order['id']}").text
    connect(store)
    page = store.call("GET", f"/placed?order={order['id']}").text
    (proof,) = re.findall(rf'href="/apps/doorstep/o/{order["id"]}/([0-9a-f]+)"', page)
    assert is_proven(SECRET, order["id"], proof)
    assert not is_proven(SECRET, str(int(order["id"]) + 1), proof)


def test_the_signature_covers_what_was_asked(store: Store) -> None:
    """The query as the app's own check reads it: spaces, signs and repeated names included."""
    with app_standin() as app:
        connect(store, app=app.address)
        store.call("GET", "/apps/doorstep/reviews.json?q=a+b%26c&stars=5&stars=4&timestamp=1&signature=x")
        (asked,) = app.asked
        assert check(asked.query, (key_for(PROXY, SECRET),), datetime.now(UTC)).shop == store.shop
        assert dict(parse_qsl("q=a+b%26c")).items() <= dict(asked.query).items()
