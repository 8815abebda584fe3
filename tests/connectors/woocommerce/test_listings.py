from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Noun, Reading, pages
from connectors.woocommerce import listings
from connectors.woocommerce.connector import WooCommerceConnector
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
    }
    assert page.cursor is None
    assert [order.id for order in page.reading.orders] == ["13"]
    assert [refund.detailed for refund in page.reading.refunds] == [True, True]
    assert [parcel.id for parcel in page.reading.parcels] == ["13:9400111899223197428490"]
    assert page.reading.all_parcels_of == ("13",)
    assert page.reading.wishes == ()


def test_the_recorded_page(shop: Shop) -> None:
    told = rest("orders_page")
    shop.will("GET orders", told["body"], headers={"X-WP-TotalPages": told["headers"]["X-WP-TotalPages"]})
    page = CONNECTOR.history(shop.store, None)
    assert len(page.reading.orders) == len(told["body"]) == 2
    assert page.cursor == "2"


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
    readings = list(pages(lambda cursor: CONNECTOR.history(shop.store, cursor)))
    assert [len(reading.orders) for reading in readings] == [2, 1]


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
    assert CONNECTOR.history(shop.store, None).reading == Reading()


def test_history_costs_one_call_for_a_page(shop: Shop) -> None:
    full = [recording("order.updated.full_refund").payload, recording("order.updated.fulfilled").payload]
    shop.will("GET orders", full, headers=only_page())
    page = CONNECTOR.history(shop.store, "4")
    assert (len(page.reading.orders), page.reading.wishes, page.cursor) == (2, (), None)
    assert shop.asked() == ["GET orders"]
    assert (shop.calls[0].params["page"], shop.calls[0].params["order"]) == ("4", "desc")


def test_the_catalogue_with_its_variations(shop: Shop) -> None:
    tee = recording("product.created").payload | {
        "id": 24,
        "name": "Tee",
        "type": "variable",
        "variations": [25],
    }
    tee["categories"] = [{"name": "Clothes"}]
    below = {
        "id": 25,
        "date_modified_gmt": "2026-11-21T20:43:10",
        "permalink": "https://larkhus.example/product/tee/?attribute_size=M",
        "status": "publish",
        "price": "19",
        "image": {"src": "https://larkhus.example/m.jpg"},
        "attributes": [{"name": "Size", "option": "M"}, {"name": "Colour", "option": "Red"}],
    }
    shop.will("GET products", [rest("product")["body"], tee], headers={"X-WP-TotalPages": "2"})
    shop.will("GET products", [rest("product")["body"]], headers={"X-WP-TotalPages": "2"})
    shop.will("GET products/24/variations", [below], headers=only_page())
    readings = list(pages(lambda cursor: CONNECTOR.catalogue(shop.store, cursor)))
    assert [[found.id for found in reading.products] for reading in readings] == [["10", "24", "25"], ["10"]]
    variation = readings[0].products[2]
    assert (variation.title, variation.parent_id, variation.price) == ("Tee - M, Red", "24", 1900)
    assert variation.image_url == "https://larkhus.example/m.jpg"
    assert shop.asked() == ["GET products", "GET products/24/variations", "GET products"]


def order(number: int, changed: datetime) -> dict[str, Any]:
    payload: dict[str, Any] = recording("order.created.guest_onhold").payload
    return payload | {"id": number, "date_modified_gmt": changed.isoformat()[:19]}


def moment(payload: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(payload["date_modified_gmt"]).replace(tzinfo=UTC)


def only_page() -> dict[str, str]:
    return {"X-WP-TotalPages": "1"}
