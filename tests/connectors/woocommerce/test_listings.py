from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Noun, Reading, StoreUnreachable, pages
from connectors.woocommerce import listings
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.trimmed import ORDER
from tests.connectors.woocommerce.recordings import recording, rest
from tests.connectors.woocommerce.scripted_shop import Shop

CONNECTOR = WooCommerceConnector()
SINCE = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def test_what_changed_is_asked_for_in_utc_and_read_whole(shop: Shop) -> None:
    shop.will("GET orders", [recording("order.updated.partial_refund").payload], headers=only_page())
    shop.will("GET orders/13/refunds", rest("order_refunds")["body"])
    page = CONNECTOR.changed_since(shop.store, SINCE, None)
    assert shop.calls[0].params == {
        "modified_after": "2026-11-21T19:59:59",
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "status": "any",
        "per_page": "100",
        "page": "1",
        "_fields": ",".join(ORDER),
    }
    assert page.cursor is None
    assert [order.id for order in page.reading.orders] == ["13"]
    assert [refund.detailed for refund in page.reading.refunds] == [True, True]
    assert [parcel.id for parcel in page.reading.parcels] == ["13:9400111899223197428490"]
    assert page.reading.all_parcels_of == ("13",)
    assert page.reading.wishes == ()


@pytest.mark.parametrize("busy", [False, True])
def test_no_order_is_skipped_while_others_change(shop: Shop, busy: bool, monkeypatch: Any) -> None:
    """A shop with 23 orders, three a second. While it is read, the oldest ones change and move to the
    end: plain page numbers would skip one for each of them."""
    monkeypatch.setattr(listings, "PER_PAGE", 5)
    orders = [order(number, SINCE + timedelta(seconds=number // 3)) for number in range(1, 24)]

    def listed(call: Any) -> tuple[int, bytes, dict[str, str]]:
        after = datetime.fromisoformat(call.params["modified_after"]).replace(tzinfo=UTC)
        found = [one for one in orders if moment(one) > after]
        found.sort(key=lambda one: (moment(one), one["id"]))
        size, number = int(call.params["per_page"]), int(call.params["page"])
        chosen = found[(number - 1) * size : number * size]
        answer = json.dumps(chosen).encode()
        for one in chosen[:2] if busy and len(chosen) == size else []:
            one["date_modified_gmt"] = (SINCE + timedelta(hours=1)).isoformat()[:19]
        return 200, answer, {"X-WP-TotalPages": str(-(-len(found) // size))}

    monkeypatch.setattr(shop, "answer", listed)
    seen: list[str] = []
    for reading in pages(lambda cursor: CONNECTOR.changed_since(shop.store, SINCE, cursor)):
        seen += [one.id for one in reading.orders]
        assert len(seen) < 200
    assert set(seen) == {str(number) for number in range(1, 24)}


def test_more_orders_in_one_second_than_fit_on_a_page(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(listings, "PER_PAGE", 2)
    same = [order(number, SINCE) for number in range(1, 6)]
    for at in (0, 2, 4):
        shop.will("GET orders", same[at : at + 2], headers={"X-WP-TotalPages": "3"})
    readings = list(pages(lambda cursor: CONNECTOR.changed_since(shop.store, SINCE, cursor)))
    assert [[one.id for one in reading.orders] for reading in readings] == [["1", "2"], ["3", "4"], ["5"]]
    assert [call.params["page"] for call in shop.calls] == ["1", "2", "3"]


def test_a_full_page_goes_on_where_a_proxy_drops_the_number_of_pages(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(listings, "PER_PAGE", 2)
    shop.will("GET orders", [order(1, SINCE), order(2, SINCE)])
    shop.will("GET orders", [order(3, SINCE)])
    readings = list(pages(lambda cursor: CONNECTOR.changed_since(shop.store, SINCE, cursor)))
    assert [len(reading.orders) for reading in readings] == [2, 1]


def test_a_store_that_breaks_down_is_asked_for_less(shop: Shop) -> None:
    """And from the first page of that size, else some orders would be passed over."""
    shop.will("GET orders", {"code": "internal_server_error"}, 500)
    with pytest.raises(StoreUnreachable) as caught:
        CONNECTOR.changed_since(shop.store, SINCE, "2026-11-21T20:00:00+00:00 3 100")
    assert caught.value.cursor == "2026-11-21T20:00:00+00:00 1 50"
    with pytest.raises(StoreUnreachable) as last:
        CONNECTOR.changed_since(shop.store, SINCE, "2026-11-21T20:00:00+00:00 3 10")
    assert last.value.cursor is None
    assert [call.params["per_page"] for call in shop.calls] == ["100", "10"]


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


def moment(payload: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(payload["date_modified_gmt"]).replace(tzinfo=UTC)


def only_page() -> dict[str, str]:
    return {"X-WP-TotalPages": "1"}
