"""What a key may read and change, and how lists are cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import Clock
from tests.sandbox.woocommerce.running import Store


def test_a_strangers_calls_are_turned_away(quiet_store: Store) -> None:
    key, secret = quiet_store.key
    for auth, code in (
        (("ck_unknown", secret), "woocommerce_rest_cannot_view"),
        ((key, "cs_wrong"), "woocommerce_rest_authentication_error"),
        (None, "woocommerce_rest_cannot_view"),
    ):
        answer = quiet_store.call("GET", "/wp-json/wc/v3/orders", auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer.json()["data"] == {"status": 401}
    params = {"consumer_key": key, "consumer_secret": secret}
    assert quiet_store.call("GET", "/wp-json/wc/v3/orders", params=params).status_code == 200


def test_a_read_only_key_writes_nothing(store: Store) -> None:
    key = store.made_key("read")
    order = store.order()
    assert store.call("GET", f"/wp-json/wc/v3/orders/{order['id']}", auth=key).status_code == 200
    answer = store.call("PUT", f"/wp-json/wc/v3/orders/{order['id']}", auth=key, json={"status": "cancelled"})
    assert (answer.status_code, answer.json()["code"]) == (401, "woocommerce_rest_authentication_error")
    assert store.read(f"orders/{order['id']}")["status"] == "processing"


def test_an_owner_without_rights_reads_nothing(store: Store) -> None:
    store.post("/sandbox/quirks", {"lost_rights": True})
    answer = store.rest("GET", "orders")
    assert (answer.status_code, answer.json()["code"]) == (403, "woocommerce_rest_cannot_view")


@pytest.mark.parametrize("path", ["orders/5/nothing", "nothing"])
def test_an_unknown_route(quiet_store: Store, path: str) -> None:
    answer = quiet_store.rest("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "rest_no_route")
    assert answer.json()["data"] == {"status": 404}


@pytest.mark.parametrize(
    ("name", "value"),
    [("per_page", "101"), ("per_page", "0"), ("page", "0"), ("orderby", "weight"), ("order", "up"),
     ("status", "paid"), ("modified_after", "yesterday"), ("include", "a,b")],
)  # fmt: skip
def test_a_parameter_that_cannot_be(quiet_store: Store, name: str, value: str) -> None:
    answer = quiet_store.rest("GET", "orders", params={name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")
    assert list(answer.json()["data"]["params"]) == [name]


def test_pages_hold_every_order_once(quiet_store: Store) -> None:
    ids = []
    for page in (1, 2, 3, 4, 5):
        entries = quiet_store.read("orders", per_page=3, page=page, orderby="id", order="asc")
        ids += [order["id"] for order in entries]
    assert len(ids) == 10
    assert ids == sorted(set(ids))


def test_changed_since_reads_shop_time_unless_told_otherwise(store: Store) -> None:
    order = store.order()
    changed = datetime.fromisoformat(store.read(f"orders/{order['id']}")["date_modified_gmt"])
    before = (changed - timedelta(seconds=1)).isoformat()

    def found(text: str, **more: str) -> list[int]:
        return [entry["id"] for entry in store.read("orders", modified_after=text, **more)]

    assert found(before, dates_are_gmt="true") == [int(order["id"])]
    assert found(f"{before}Z") == [int(order["id"])]
    assert found(changed.isoformat(), dates_are_gmt="true") == [], "the instant itself is outside"
    # Berlin is ahead of UTC, so the same text in shop time lies further back.
    assert found((changed + timedelta(minutes=30)).isoformat()) == [int(order["id"])]


def test_dates_are_told_in_shop_time_and_in_utc(store: Store) -> None:
    order = store.read(f"orders/{store.order()['id']}")
    local = datetime.fromisoformat(order["date_created"])
    utc = datetime.fromisoformat(order["date_created_gmt"])
    assert local - utc in (timedelta(hours=1), timedelta(hours=2))


def test_status_search_include_and_customer(store: Store) -> None:
    order = store.order(email="odd.address@example.com")
    store.act(order, "cancel")
    assert [one["number"] for one in store.read("orders", search="odd.address")] == [order["number"]]
    cancelled = store.read("orders", status="cancelled,refunded", per_page=100)
    assert {one["status"] for one in cancelled} == {"cancelled", "refunded"}
    ids = f"{order['id']},1"
    assert [one["id"] for one in store.read("orders", include=ids)] == [int(order["id"])]
    account = store.read("customers", email="jonna.brandt@example.com")[0]["id"]
    assert {one["billing"]["first_name"] for one in store.read("orders", customer=account)} == {"Jonna"}


def test_trashed_orders_are_read_singly_only(store: Store) -> None:
    order = store.order()
    store.act(order, "trash")
    assert store.read("orders", include=order["id"]) == []
    assert store.read(f"orders/{order['id']}")["status"] == "trash"
    assert [one["id"] for one in store.read("orders", status="trash")] == [int(order["id"])]
    store.rest("DELETE", f"orders/{order['id']}", params={"force": "true"})
    assert store.rest("GET", f"orders/{order['id']}").status_code == 404


def test_a_status_is_set_and_sets_its_dates(store: Store) -> None:
    order = store.order(payment="bank_transfer")
    assert store.read(f"orders/{order['id']}")["date_paid_gmt"] is None
    done = store.rest("PUT", f"orders/{order['id']}", json={"status": "completed"}).json()
    assert done["date_paid_gmt"] == done["date_completed_gmt"] == done["date_modified_gmt"]
    answer = store.rest("PUT", f"orders/{order['id']}", json={"status": "lost"})
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")


def test_setting_refunded_gives_everything_back(store: Store) -> None:
    order = store.order("LK-ORBIT")
    after = store.rest("PUT", f"orders/{order['id']}", json={"status": "refunded"}).json()
    assert (after["status"], [entry["total"] for entry in after["refunds"]]) == ("refunded", ["-129.00"])


def test_an_address_changes_key_by_key(store: Store) -> None:
    order = store.order()
    before = store.read(f"orders/{order['id']}")["shipping"]
    after = store.rest("PUT", f"orders/{order['id']}", json={"shipping": {"city": "Kiel"}}).json()
    assert after["shipping"] == before | {"city": "Kiel"}


def test_a_refund_by_lines_counts_tax(store: Store) -> None:
    order = store.order("LK-SHADE-30")
    line = {"id": int(order["line_ids"][0]), "quantity": 1, "refund_total": "41.18"}
    body = {"line_items": [line | {"refund_tax": [{"id": 1, "refund_total": "7.82"}]}], "reason": "torn"}
    made = store.rest("POST", f"orders/{order['id']}/refunds", json=body)
    assert (made.status_code, made.json()["amount"]) == (201, "49.00")
    nothing = store.rest("POST", f"orders/{order['id']}/refunds", json={"amount": "0"})
    assert (nothing.status_code, nothing.json()["code"]) == (400, "woocommerce_rest_invalid_order_refund")


def test_variations_hang_below_their_product(quiet_store: Store) -> None:
    (shade,) = quiet_store.read("products", slug="linen-lampshade")
    assert shade["type"] == "variable"
    found = quiet_store.read(f"products/{shade['id']}/variations", order="asc")
    assert [one["id"] for one in found] == shade["variations"]
    assert {one["parent_id"] for one in found} == {shade["id"]}
    assert [one["attributes"][0]["option"] for one in found] == ["30 cm", "40 cm"]
    assert found[0]["image"]["src"] == f"{quiet_store.address}/pictures/linen-lampshade.png"


def test_the_open_index_names_the_time_zone(quiet_store: Store) -> None:
    index = quiet_store.get("/wp-json/")
    assert (index["name"], index["timezone_string"]) == ("Larkhus", "Europe/Berlin")
    assert index["home"] == quiet_store.address


def test_settings_and_currencies(quiet_store: Store) -> None:
    general = {entry["id"]: entry["value"] for entry in quiet_store.read("settings/general")}
    assert general["woocommerce_currency"] == "EUR"
    assert quiet_store.read("settings/general/woocommerce_currency")["value"] == "EUR"
    assert quiet_store.read("data/currencies/current")["code"] == "EUR"


def test_the_store_lives_in_virtual_time(store: Store) -> None:
    Clock(store.settings.clock_file).set_offset(86_400.0 * 14)
    created = store.read(f"orders/{store.order()['id']}")["date_created_gmt"]
    ahead = datetime.fromisoformat(created).replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < ahead < timedelta(days=14, hours=1)


def test_fields_cut_the_answer(quiet_store: Store) -> None:
    assert set(quiet_store.read("orders", _fields="id,status")[0]) == {"id", "status"}
