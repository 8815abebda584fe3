from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Noun, Reading, StoreUnreachable, pages
from connectors.fields import body
from connectors.woocommerce import changes
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.orders import order_reading
from connectors.woocommerce.pace import Pace
from connectors.woocommerce.trimmed import ORDER
from tests.connectors.woocommerce.recordings import recording
from tests.connectors.woocommerce.scripted_shop import Shop

CONNECTOR = WooCommerceConnector()
SINCE = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def test_what_changed_is_asked_for_in_utc_and_what_belongs_to_it_is_wished_for(shop: Shop) -> None:
    """In one call, so whatever lies below an order holds up no other."""
    shop.will("GET orders", [recording("order.updated.partial_refund").payload], headers=only_page())
    page = CONNECTOR.changed_since(shop.store, SINCE, None)
    assert [call.params for call in shop.calls] == [
        {
            "modified_after": "2026-11-21T19:59:59",
            "dates_are_gmt": "true",
            "orderby": "modified",
            "order": "asc",
            "status": "any",
            "per_page": "100",
            "page": "1",
            "_fields": ",".join(ORDER),
        }
    ]
    assert page.cursor is None and page.newest == page.reading.orders[0].version
    assert [order.id for order in page.reading.orders] == ["13"]
    assert [refund.detailed for refund in page.reading.refunds] == [False]
    assert [(wish.noun, wish.id) for wish in page.reading.wishes] == [(Noun.ORDER, "13")]


def test_an_order_with_refunds_and_fulfilments_is_read_once() -> None:
    payload = recording("order.updated.partial_refund").payload
    payload["meta_data"] = [{"id": 1, "key": "_fulfillment_status", "value": "fulfilled"}]
    (wish,) = order_reading(body(payload, "order")).wishes
    assert (wish.noun, wish.id) == (Noun.ORDER, "13")
    assert wish.reason.endswith("which lines were refunded and what was fulfilled")


@pytest.mark.parametrize("a_second", [3, 20])
@pytest.mark.parametrize("busy", [False, True])
def test_no_order_is_skipped_while_others_change(
    shop: Shop, busy: bool, a_second: int, monkeypatch: Any
) -> None:
    """A shop with 47 orders, some a second, which come in any order. While it is read, others change and move
    to the end: plain page numbers would skip one for each of them."""
    monkeypatch.setattr(changes, "FIRST", Pace(5, 5))
    orders = [order(number, SINCE + timedelta(seconds=number // a_second)) for number in range(1, 48)]
    chance = random.Random(3)

    def listed(call: Any) -> tuple[int, bytes, dict[str, str]]:
        after, before = (_at(call.params.get(f"modified_{name}")) for name in ("after", "before"))
        found = [
            one
            for one in orders
            if (not after or moment(one) > after) and (not before or moment(one) < before)
        ]
        chance.shuffle(found)
        found.sort(key=moment if call.params["orderby"] == "modified" else lambda one: one["id"])
        size, number = int(call.params["per_page"]), int(call.params["page"])
        chosen = found[(number - 1) * size : number * size]
        answer = json.dumps(chosen).encode()
        for one in chosen[:2] if busy and len(chosen) == size else []:
            one["date_modified_gmt"] = (SINCE + timedelta(hours=1)).isoformat()[:19]
        return 200, answer, {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // size))}

    monkeypatch.setattr(shop, "answer", listed)
    seen: list[str] = []
    for reading in pages(lambda cursor: CONNECTOR.changed_since(shop.store, SINCE, cursor)):
        seen += [one.id for one in reading.orders]
        assert len(seen) < 400
    assert set(seen) == {str(number) for number in range(1, 48)}


def test_a_full_page_goes_on_where_a_proxy_drops_the_number_of_pages(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes, "FIRST", Pace(2, 2))
    later = SINCE + timedelta(seconds=2)
    shop.will("GET orders", [order(1, SINCE), order(2, later)])
    shop.will("GET orders", [order(2, later)])
    readings = list(pages(lambda cursor: CONNECTOR.changed_since(shop.store, SINCE, cursor)))
    assert [len(reading.orders) for reading in readings] == [2, 1]


def test_a_store_that_breaks_down_is_asked_for_less(shop: Shop) -> None:
    cursor: str | None = None
    shop.will("GET orders", {"code": "internal_server_error"}, 500)
    for _ in range(6):
        with pytest.raises(StoreUnreachable) as caught:
            CONNECTOR.changed_since(shop.store, SINCE, cursor)
        cursor = caught.value.cursor
    assert cursor is None
    asked = [(call.params["per_page"], call.params["page"]) for call in shop.calls]
    less = [(size, "1") for size in ("100", "50", "25", "10", "5", "1")]
    assert asked == [*less, *(("1", page) for page in "123")], "by name, then those after it"


def test_a_store_that_does_not_keep_to_the_time_is_not_read_for_ever(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes, "FIRST", Pace(2, 2))
    old = SINCE - timedelta(days=1)
    shop.will("GET orders", [order(1, old), order(2, old)])
    with pytest.raises(StoreUnreachable, match="does not keep to the time"):
        CONNECTOR.changed_since(shop.store, SINCE, None)


def test_a_list_that_is_empty_though_the_store_counts_is_not_the_end(shop: Shop) -> None:
    shop.will("GET orders", [], headers={"X-WP-Total": "312", "X-WP-TotalPages": "4"})
    with pytest.raises(StoreUnreachable, match="counts 312 entries and lists none"):
        CONNECTOR.changed_since(shop.store, SINCE, None)


def test_which_orders_are_there_is_asked_for_a_hundred_in_one_call(shop: Shop) -> None:
    shop.will("GET orders", [{"id": 13, "status": "completed"}, {"id": 15, "status": "processing"}])
    assert CONNECTOR.standing(shop.store, ["13", "14", "15", "not an id"]) == {"13", "15"}
    asked = {"include": "13,14,15", "status": "any", "per_page": "100", "page": "1", "_fields": "id,status"}
    assert [call.params for call in shop.calls] == [asked]
    assert CONNECTOR.standing(shop.store, []) == set() and len(shop.calls) == 1


def test_a_store_that_does_not_look_at_the_filter_says_nothing_of_what_is_there(shop: Shop) -> None:
    shop.will("GET orders", [{"id": 99, "status": "completed"}, {"id": 13, "status": "completed"}])
    with pytest.raises(StoreUnreachable, match="other orders"):
        CONNECTOR.standing(shop.store, ["13", "14"])


def test_one_bad_order_does_not_stop_the_listing(shop: Shop) -> None:
    bad: list[Any] = [order(1, SINCE) | {"total": "x"}, 5, {"id": None}, order(2, SINCE)]
    shop.will("GET orders", bad, headers=only_page())
    reading = CONNECTOR.changed_since(shop.store, SINCE, None).reading
    assert [one.id for one in reading.orders] == ["2"]
    assert [(wish.noun, wish.id) for wish in reading.wishes] == [(Noun.ORDER, "1")]
    assert "order.total" in reading.wishes[0].reason


def test_carts_are_not_listed_as_orders(shop: Shop) -> None:
    cart = recording("order.updated.checkout_draft").payload
    shop.will("GET orders", [cart], headers=only_page())
    assert CONNECTOR.changed_since(shop.store, SINCE, None).reading == Reading()


def order(number: int, changed: datetime) -> dict[str, Any]:
    payload: dict[str, Any] = recording("order.created.guest_onhold").payload
    return payload | {"id": number, "date_modified_gmt": changed.isoformat()[:19]}


def _at(written: Any) -> datetime | None:
    return datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None


def moment(payload: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(payload["date_modified_gmt"]).replace(tzinfo=UTC)


def only_page() -> dict[str, str]:
    return {"X-WP-TotalPages": "1"}
