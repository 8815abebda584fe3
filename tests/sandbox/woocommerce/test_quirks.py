"""The switches of the fake store's API, each as a caller meets it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.sandbox.woocommerce.running import Store


def _on(store: Store, **quirks: float) -> None:
    store.post("/sandbox/quirks", quirks)


def test_revoked_keys_open_nothing(store: Store) -> None:
    _on(store, keys_revoked=True)
    for method, path in (("GET", "orders"), ("POST", "webhooks"), ("GET", "system_status")):
        answer = store.rest(method, path)
        assert (answer.status_code, answer.json()["data"]) == (401, {"status": 401})
    assert store.call("GET", "/wp-json/").status_code == 200, "the index is everybody's"


def test_behind_a_proxy_that_ends_tls_no_way_of_showing_the_key_helps(store: Store) -> None:
    _on(store, basic_ignored=True)
    key, secret = store.key
    params = {"consumer_key": key, "consumer_secret": secret}
    for options in ({"auth": store.key}, {"params": params}):
        answer = store.call("GET", "/wp-json/wc/v3/orders", **options)
        assert (answer.status_code, answer.json()["code"]) == (401, "woocommerce_rest_cannot_view")


def test_a_key_that_may_read_only(store: Store) -> None:
    _on(store, read_only=True)
    order = store.order()
    assert store.rest("GET", "orders").status_code == 200
    answer = store.rest("PUT", f"orders/{order['id']}", json={"status": "cancelled"})
    assert (answer.status_code, answer.json()["code"]) == (401, "woocommerce_rest_authentication_error")


@pytest.mark.parametrize(("quirk", "status"), [("html_200", 200), ("html_403", 403)])
def test_pages_for_people_instead_of_answers(store: Store, quirk: str, status: int) -> None:
    _on(store, **{quirk: True})
    answer = store.rest("GET", "orders")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=UTF-8")
    assert "<html>" in answer.text and store.call("GET", "/wp-json/").status_code == status


def test_whoever_follows_a_redirect_turns_a_write_into_a_read(store: Store) -> None:
    """Seen with a real shop that had moved to www: 200, a list, and nothing was made."""
    _on(store, redirect_writes=True)
    assert store.rest("GET", "webhooks").status_code == 200
    moved = store.rest(
        "POST", "webhooks", json={"topic": "order.created", "delivery_url": "https://a.example"}
    )
    assert (moved.status_code, moved.headers["Location"]) == (
        301, f"https://www.{store.shop}/wp-json/wc/v3/webhooks",
    )  # fmt: skip
    followed = store.rest("GET", "webhooks", headers={"Host": f"www.{store.shop}"})
    assert (followed.status_code, followed.json()) == (200, [])


def test_a_shop_that_moved_sends_everybody_on(store: Store) -> None:
    _on(store, redirect=True)
    assert store.rest("GET", "orders", params={"page": 2}).headers["Location"].endswith("/orders?page=2")
    assert store.rest("GET", "orders", headers={"Host": f"www.{store.shop}"}).status_code == 200


def test_plain_permalinks_have_no_api(store: Store) -> None:
    _on(store, plain_permalinks=True)
    answer = store.rest("GET", "orders")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{store.address}/")
    by_query = store.call("GET", "/?rest_route=/wc/v3/orders", auth=store.key)
    assert (by_query.status_code, by_query.json()["code"]) == (401, "woocommerce_rest_cannot_view")
    assert "wc/v3" in store.call("GET", "/?rest_route=/").json()["namespaces"]
    wish = {
        "app_name": "Doorstep", "scope": "read_write", "user_id": "u",
        "return_url": "https://doorstep.example/r", "callback_url": "https://doorstep.example/c",
    }  # fmt: skip
    assert store.call("GET", "/wc-auth/v1/authorize", params=wish).status_code == 404
    query = {"wc-auth-version": "1", "wc-auth-route": "authorize", **wish}
    assert store.call("GET", "/", params=query).status_code == 302, "to the login, as ever"


@pytest.mark.parametrize(("quirk", "status"), [("busy_seconds", 429), ("away_seconds", 503)])
def test_hosts_that_ask_for_patience(store: Store, quirk: str, status: int) -> None:
    _on(store, **{quirk: 7})
    answer = store.rest("GET", "orders")
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")


def test_slow_answers(store: Store) -> None:
    _on(store, slow_seconds=0.4)
    began = time.monotonic()
    assert store.rest("GET", "orders").status_code == 200
    assert time.monotonic() - began >= 0.4


def test_garbage_is_called_json(store: Store) -> None:
    _on(store, garbage=True)
    answer = store.rest("GET", "orders")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json; charset=UTF-8")
    with pytest.raises(ValueError):
        answer.json()


def test_kept_answers_are_old_after_a_write(store: Store) -> None:
    _on(store, cache_seconds=1.0)
    order = store.order()
    path = f"orders/{order['id']}"
    assert store.read(path)["status"] == "processing"
    assert store.rest("PUT", path, json={"status": "cancelled"}).json()["status"] == "cancelled"
    assert store.read(path)["status"] == "processing"
    time.sleep(1.1)
    assert store.read(path)["status"] == "cancelled"


def test_the_clock_on_the_wall_is_wrong(store: Store) -> None:
    _on(store, clock_hours=-3)
    answer = store.rest("GET", f"orders/{store.order()['id']}")
    late = datetime.now(UTC) - datetime.fromisoformat(answer.json()["date_created_gmt"]).replace(tzinfo=UTC)
    assert abs(late - timedelta(hours=3)) < timedelta(seconds=10)
    said = datetime.now(UTC) - parsedate_to_datetime(answer.headers["Date"])
    assert abs(said - timedelta(hours=3)) < timedelta(seconds=10)


def test_tokyo_tells_local_dates_nine_hours_ahead(store: Store) -> None:
    _on(store, tokyo=True)
    order = store.read(f"orders/{store.order()['id']}")
    for name in ("date_created", "date_modified", "date_paid"):
        ahead = datetime.fromisoformat(order[name]) - datetime.fromisoformat(order[f"{name}_gmt"])
        assert ahead == timedelta(hours=9)
    assert store.get("/wp-json/")["timezone_string"] == "Asia/Tokyo"


def test_the_merchants_own_statuses_are_listed_and_set(store: Store) -> None:
    order = store.order()
    assert "arrived" not in {one["slug"] for one in store.read("reports/orders/totals")}
    assert store.rest("PUT", f"orders/{order['id']}", json={"status": "arrived"}).status_code == 400
    _on(store, custom_statuses=True)
    store.act(order, "status", status="arrived")
    totals = {one["slug"]: (one["name"], one["total"]) for one in store.read("reports/orders/totals")}
    assert totals["arrived"] == ("Arrived", 1)
    assert totals["delivered"] == ("Delivered", 7)
    assert [one["id"] for one in store.read("orders", status="arrived")] == [int(order["id"])]


def test_deleting_for_good_tells_nobody(store: Store) -> None:
    store.listen("order.updated", "order.deleted")
    order = store.order()
    store.settle()
    store.receiver.got.clear()
    assert store.act(order, "delete") == {"deleted": True}
    store.settle()
    assert store.receiver.got == []
    assert store.rest("GET", f"orders/{order['id']}").status_code == 404


@pytest.mark.parametrize(("seconds", "heard"), [(0.3, 1), (5.0, 0)])
def test_a_late_ping_keeps_the_caller_waiting_and_prevents_nothing(
    store: Store, seconds: float, heard: int
) -> None:
    _on(store, ping_seconds=seconds)
    began = time.monotonic()
    wish = {"topic": "order.created", "delivery_url": f"{store.receiver.address}/hooks/x"}
    assert store.rest("POST", "webhooks", json=wish).status_code == 201
    assert time.monotonic() - began >= seconds
    assert len(store.receiver.got) == heard


def test_a_corrected_number_stays_one_parcel(store: Store) -> None:
    order = store.order()
    parcel = store.act(order, "ship", tracking_number="1")["parcel_id"]
    store.act(order, "correct", parcel_id=parcel, tracking_number="2")
    summary = store.get(f"/sandbox/orders/{order['id']}")
    assert [(one["id"], one["tracking_number"]) for one in summary["parcels"]] == [(parcel, "2")]
    answer = store.call("POST", f"/sandbox/orders/{order['id']}/correct", json={"parcel_id": "x"})
    assert answer.status_code == 404


def test_old_versions_and_closed_indexes(store: Store) -> None:
    _on(store, old_version=True, sparse_index=True)
    assert store.read("system_status")["environment"]["version"] == "3.9.5"
    assert store.call("GET", "/wp-json/").status_code == 401
