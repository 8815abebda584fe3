"""Large orders and long listings, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import NotThere, Noun, StoreUnreachable, Wish, pages
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.reading import list_orders, list_products
from connectors.shopify.whole_orders import ORDERS_PER_PAGE
from tests.connectors.shopify import one_order
from tests.connectors.shopify.graph import answering, by_id, connection, first_of, money
from tests.connectors.shopify.one_order import gid
from tests.connectors.shopify.shop_server import shop_server

CONNECTOR = ShopifyConnector()
SINCE = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _line(number: int) -> dict[str, Any]:
    return {
        "id": gid("LineItem", number),
        "title": f"Line {number}",
        "name": f"Line {number}",
        "quantity": 1,
        "currentQuantity": 1,
        "requiresShipping": True,
        "isGiftCard": False,
        "originalUnitPriceSet": money("1.00"),
        "discountAllocations": [],
        "customAttributes": [],
    }


def _parcel(number: int, lines: int, scans: int) -> dict[str, Any]:
    return {
        **one_order.parcel_node(0),
        "id": gid("Fulfillment", number),
        "fulfillmentLineItems": connection(
            [{"quantity": 1, "lineItem": {"id": gid("LineItem", at)}} for at in range(1, lines + 1)]
        ),
        "events": connection(
            [
                {
                    "id": gid("FulfillmentEvent", number * 1000 + at),
                    "status": "IN_TRANSIT",
                    "happenedAt": "2026-11-21T10:00:00Z",
                }
                for at in range(scans)
            ]
        ),
    }


def _refund(number: int, lines: int) -> dict[str, Any]:
    line = {"quantity": 1, "subtotalSet": money("1.00")}
    return {
        **one_order.refund_node(),
        "id": gid("Refund", number),
        "totalRefundedSet": money(f"{lines}.00"),
        "refundLineItems": connection(
            [{**line, "lineItem": {"id": gid("LineItem", at)}} for at in range(1, lines + 1)]
        ),
    }


def _large_order(number: int = 1) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    parcels = [_parcel(10, 399, 160), *(_parcel(at, 1, 1) for at in range(11, 31))]
    refunds = [_refund(50, 200), *(_refund(at, 1) for at in range(51, 60))]
    order = {
        **one_order.node(),
        "id": gid("Order", number),
        "lineItems": connection([_line(at) for at in range(1, 400)]),
        "fulfillments": first_of(parcels),
        "refunds": first_of(refunds),
    }
    return order, parcels, refunds


def test_an_order_of_399_lines_comes_whole() -> None:
    order, parcels, refunds = _large_order()
    root = {"order": by_id([order]), "fulfillment": by_id(parcels), "refund": by_id(refunds)}
    with shop_server(answering(root)) as server:
        reading = CONNECTOR.fetch(server.store, Wish(Noun.ORDER, "1"))
        calls = len(server.calls)
    assert [line.id for line in reading.orders[0].lines] == [str(at) for at in range(1, 400)]
    assert [parcel.id for parcel in reading.parcels] == [str(at) for at in range(10, 31)]
    assert [line.line_id for line in reading.parcels[0].lines] == [str(at) for at in range(1, 400)]
    scans = [scan.id for scan in reading.parcel_events if scan.parcel_id == "10"]
    assert scans == [str(10_000 + at) for at in range(160)]
    assert [refund.id for refund in reading.refunds] == [str(at) for at in range(50, 60)]
    assert [line.line_id for line in reading.refunds[0].lines] == [str(at) for at in range(1, 201)]
    assert reading.orders[0].refunded == sum(refund.amount for refund in reading.refunds) == 20900
    assert calls < 60


@pytest.mark.parametrize(("many_parcels", "many_refunds"), [(True, False), (False, True)])
def test_either_list_alone_may_be_too_long(many_parcels: bool, many_refunds: bool) -> None:
    order, parcels, refunds = _large_order()
    parcels, refunds = parcels if many_parcels else [], refunds if many_refunds else []
    order |= {"fulfillments": first_of(parcels), "refunds": first_of(refunds)}
    root = {"order": by_id([order]), "fulfillment": by_id(parcels), "refund": by_id(refunds)}
    with shop_server(answering(root)) as server:
        reading = CONNECTOR.fetch(server.store, Wish(Noun.ORDER, "1"))
    assert (len(reading.parcels), len(reading.refunds)) == (len(parcels), len(refunds))


def test_a_scan_that_comes_while_reading_is_not_doubled() -> None:
    parcel = _parcel(10, 399, 0)
    later = _parcel(10, 399, 1)["events"]
    asked: list[str | None] = []

    def events(info: Any, first: int, after: str | None = None, **others: Any) -> Any:
        asked.append(after)
        return (parcel["events"] if len(asked) == 1 else later)(info, first, after)

    growing = {**parcel, "events": events}
    order = {**one_order.node(), "fulfillments": first_of([growing]), "refunds": first_of([])}
    root = {"order": by_id([order]), "fulfillment": by_id([growing])}
    with shop_server(answering(root)) as server:
        reading = CONNECTOR.fetch(server.store, Wish(Noun.ORDER, str(one_order.ORDER)))
    assert len(reading.parcels[0].lines) == 399
    assert len(asked) > 2 and reading.parcel_events == ()


def test_a_usual_order_takes_one_call() -> None:
    with shop_server(answering({"order": by_id([one_order.node()])})) as server:
        CONNECTOR.fetch(server.store, Wish(Noun.ORDER, str(one_order.ORDER)))
        assert len(server.calls) == 1


def test_a_part_that_goes_away_while_reading_is_tried_again_later() -> None:
    order, _, refunds = _large_order()
    root = {"order": by_id([order]), "fulfillment": by_id([]), "refund": by_id(refunds)}
    with shop_server(answering(root)) as server, pytest.raises(StoreUnreachable):
        CONNECTOR.fetch(server.store, Wish(Noun.ORDER, "1"))


def _orders(count: int, asked: list[Mapping[str, Any]]) -> Callable[..., Any]:
    plain = {**one_order.node(), "fulfillments": first_of([]), "refunds": first_of([])}
    listed = connection([{**plain, "id": gid("Order", at)} for at in range(1, count + 1)])

    def resolve(info: Any, **arguments: Any) -> Any:
        asked.append(arguments)
        return listed(info, **arguments)

    return resolve


def test_changed_orders_come_oldest_change_first() -> None:
    asked: list[Mapping[str, Any]] = []
    count = ORDERS_PER_PAGE * 2 + 1
    with shop_server(answering({"orders": _orders(count, asked)})) as server:
        store = server.store
        found = list(pages(lambda cursor: CONNECTOR.changed_since(store, SINCE, cursor)))
    assert [order.id for reading in found for order in reading.orders] == [
        str(at) for at in range(1, count + 1)
    ]
    assert len(asked) == 3
    assert {page["query"] for page in asked} == {"updated_at:>='2026-11-20T12:00:00Z'"}
    assert {page["sortKey"] for page in asked} == {"UPDATED_AT"}
    assert found[0].stamp is not None


def test_history_is_everything() -> None:
    asked: list[Mapping[str, Any]] = []
    with shop_server(answering({"orders": _orders(3, asked)})) as server:
        page = list_orders(server.store, None, "")
        list_orders(server.store, None, "2026-11-01T00:00:00Z")
    assert (len(page.reading.orders), page.cursor) == (3, None)
    assert [one.get("query") for one in asked] == [None, "created_at:>='2026-11-01T00:00:00Z'"]


def test_one_order_that_cannot_be_read_is_asked_for_and_the_others_go_on() -> None:
    plain = {**one_order.node(), "fulfillments": first_of([]), "refunds": first_of([])}
    broken = {**plain, "lineItems": connection([{**_line(1), "quantity": -1}])}
    nodes = [{**(broken if at == 2 else plain), "id": gid("Order", at)} for at in (1, 2, 3)]
    with shop_server(answering({"orders": connection(nodes)})) as server:
        reading = CONNECTOR.changed_since(server.store, SINCE, None).reading
    assert [order.id for order in reading.orders] == ["1", "3"]
    assert [(wish.noun, wish.id) for wish in reading.wishes] == [(Noun.ORDER, "2")]
    assert reading.wishes[0].reason.startswith("unreadable in a listing: ")


def test_a_listed_order_that_does_not_fit_is_completed() -> None:
    order, parcels, refunds = _large_order()
    root = {
        "orders": connection([order]),
        "order": by_id([order]),
        "fulfillment": by_id(parcels),
        "refund": by_id(refunds),
    }
    with shop_server(answering(root)) as server:
        reading = CONNECTOR.changed_since(server.store, SINCE, None).reading
    assert (len(reading.orders[0].lines), len(reading.parcels), len(reading.refunds)) == (399, 21, 10)


def test_the_catalogue_comes_page_by_page() -> None:
    product = {
        "title": "Mug",
        "handle": "mug",
        "status": "DRAFT",
        "productType": "",
        "vendor": "",
        "tracksInventory": False,
        "totalInventory": 0,
        "tags": [],
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-11-01T00:00:00Z",
        "priceRangeV2": {"minVariantPrice": {"amount": "9.0", "currencyCode": "USD"}},
    }
    listed = connection([{**product, "id": gid("Product", at)} for at in range(1, 131)])
    with shop_server(answering({"products": listed})) as server:
        store = server.store
        found = [
            item
            for reading in pages(lambda cursor: list_products(store, cursor))
            for item in reading.products
        ]
    assert [item.id for item in found] == [str(at) for at in range(1, 131)]
    assert not any(item.published for item in found)


@pytest.mark.parametrize("number", ["", "x", "1 OR 1", "gid://shopify/Order/1", "\uff11", "-1"])
def test_what_is_no_id_is_not_asked_for(number: str) -> None:
    with shop_server(answering({})) as server:
        with pytest.raises(NotThere):
            CONNECTOR.fetch(server.store, Wish(Noun.ORDER, number))
        assert server.calls == []
