"""Orders and their parts: the Admin API and the webhooks of one and the same thing give equal values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.base import Gone, Noun, Reading, StoreRefused, Wish
from connectors.shopify import normalise_graphql as words
from connectors.shopify.fields import body
from connectors.shopify.returns import return_reading
from flows.commerce import ConsentState, LineQuantity, ParcelStatus, Return, Shipped, Tracking
from tests.connectors.shopify import one_order
from tests.connectors.shopify.graph import answering, by_id
from tests.connectors.shopify.one_store import (
    CONNECTOR,
    ROOT,
    STORE,
    fetched,
)
from tests.connectors.shopify.shop_server import shop_server


@pytest.mark.parametrize("noun", [Noun.ORDER, Noun.REFUNDS, Noun.FULFILLMENTS])
def test_an_order_with_all_its_parts(noun: Noun) -> None:
    asked = fetched(noun, one_order.ORDER)
    told = CONNECTOR.normalise("orders/updated", one_order.webhook_order())
    assert asked.orders == told.orders
    assert asked.parcels == told.parcels
    assert asked.refunds == told.refunds
    assert asked.returns == tuple(replace(one, version=told.orders[0].version) for one in _returns_told())
    assert asked.stamp == told.stamp
    assert len(told.orders) == 1 and told.wishes == asked.wishes == ()


def test_an_order_tells_the_consent_that_a_lost_message_would_have_told() -> None:
    """So whoever reads an order again heals it; a message about an order says nothing of it."""
    asked = fetched(Noun.ORDER, one_order.ORDER)
    assert asked.consents == fetched(Noun.CUSTOMER, 6001).consents
    assert [one.state for one in asked.consents] == [ConsentState.SUBSCRIBED]
    assert CONNECTOR.normalise("orders/updated", one_order.webhook_order()).consents == ()


@pytest.mark.parametrize("customer", [None, {"defaultEmailAddress": None}, {"defaultEmailAddress": {}}])
def test_who_tells_no_consent_takes_none_away(customer: Any) -> None:
    node = {**one_order.node(), "customer": customer and {**one_order.node()["customer"], **customer}}
    assert words.order(node, STORE).consents == ()


def _returns_told() -> tuple[Return, ...]:
    """As a message tells them; it bears no date, while the store's answer is as old as the order."""
    return return_reading(body(one_order.webhook_return(), "body"), None).returns


def test_a_return_is_found_by_its_own_number() -> None:
    root = {**ROOT, "return": by_id([one_order.return_node()])}
    with shop_server(answering(root)) as server:
        asked = CONNECTOR.fetch(server.store, Wish(Noun.RETURN, str(one_order.RETURN)))
        gone = CONNECTOR.fetch(server.store, Wish(Noun.RETURN, "404"))
    assert [(one.id, one.order_id) for one in asked.returns] == [("9501", "5001")]
    assert (asked.returns[0].exchange, asked.returns[0].lines) == (True, (LineQuantity("7001", 1),))
    assert asked.returns[0].reason == "Rather the whole beans"
    assert gone == Reading(gone=(Gone(Noun.RETURN, "404"),))


def test_without_their_right_returns_are_not_asked_for() -> None:
    """A missing right would make the whole order null."""
    asked: list[bool] = []
    root = {"order": by_id([{**one_order.node(), "returns": lambda info, **others: asked.append(True)}])}
    with shop_server(answering(root)) as server:
        store = replace(server.store, scopes=("read_orders",))
        reading = CONNECTOR.fetch(store, Wish(Noun.ORDER, str(one_order.ORDER)))
    assert (len(reading.orders), reading.returns, asked) == (1, (), [])


def test_parts_that_come_by_themselves_are_the_same_too() -> None:
    told = CONNECTOR.normalise("orders/updated", one_order.webhook_order())
    first = CONNECTOR.normalise("fulfillments/create", one_order.webhook_parcel(0))
    second = CONNECTOR.normalise("fulfillments/update", one_order.webhook_parcel(1))
    refund = CONNECTOR.normalise("refunds/create", one_order.webhook_refund())
    scan = CONNECTOR.normalise("fulfillment_events/create", one_order.webhook_scan())
    assert (*first.parcels, *second.parcels) == told.parcels
    assert refund.refunds == told.refunds
    assert scan.parcel_events == fetched(Noun.ORDER, one_order.ORDER).parcel_events
    assert len(scan.parcel_events) == 1


def test_what_the_order_says() -> None:
    """Figures by hand, so that both dialects cannot be wrong together."""
    reading = CONNECTOR.normalise("orders/updated", one_order.webhook_order())
    order = reading.orders[0]
    assert (order.id, order.number, order.customer_id) == ("5001", "1042", "6001")
    assert order.placed_at.isoformat() == "2026-11-20T14:59:58+00:00"
    assert order.version.isoformat() == "2026-11-21T17:30:00+00:00"
    assert order.accepted_at == order.paid_at == order.placed_at
    assert (order.total, order.shipping, order.tax, order.discount, order.fees) == (5600, 500, 240, 540, 50)
    # One bag and one mug ordered less: 1 x 18.00 + 3 x 9.00 + 5.00, the refunded mug counts.
    assert [line.quantity for line in order.lines] == [1, 3, 1]
    assert order.subtotal == 5000
    assert [line.total for line in order.lines] == [1620, 2520, 500]
    assert [line.ships for line in order.lines] == [True, True, False]
    assert [line.variant for line in order.lines] == ["250 g / Whole bean", "", ""]
    assert (order.lines[0].product_id, order.lines[0].variant_id, order.lines[0].sku) == (
        "7101",
        "7201",
        "SKU-7001",
    )
    assert (order.refunded, order.fully_refunded, order.shipped) == (840, False, Shipped.PART)
    assert (order.is_gift, order.is_test, order.locale, order.source) == (True, False, "en-US", "web")
    assert (order.payment_method, order.discount_codes) == ("shopify_payments, gift_card", ("WELCOME10",))
    assert order.shipping_method == "Standard shipping"
    assert order.shipping_address is not None
    assert (order.shipping_address.region, order.shipping_address.country) == ("IL", "US")
    # The download is fulfilled as well, but it is no parcel.
    assert [parcel.id for parcel in reading.parcels] == ["8001", "8002"]
    assert [parcel.status for parcel in reading.parcels] == [ParcelStatus.IN_TRANSIT, ParcelStatus.PENDING]
    assert [parcel.lines for parcel in reading.parcels] == [
        (LineQuantity("7001", 1),),
        (LineQuantity("7002", 1),),
    ]
    assert (reading.parcels[0].tracking_number, reading.parcels[0].also) == (
        "1Z999AA10123456784",
        (Tracking("1Z999AA10123456785", "https://ups.example/track?n=1Z999AA10123456785"),),
    )
    assert reading.parcels[0].shipped_at is not None and reading.parcels[1].shipped_at is None
    assert reading.refunds[0].lines == (LineQuantity("7002", 1, 840),)
    assert reading.refunds[0].amount == 840


@pytest.mark.parametrize(
    ("noun", "gone"),
    [
        (Noun.ORDER, Noun.ORDER),
        (Noun.REFUNDS, Noun.ORDER),
        (Noun.CUSTOMER, Noun.CUSTOMER),
        (Noun.PRODUCT, Noun.PRODUCT),
    ],
)
def test_what_the_store_no_longer_has_is_gone(noun: Noun, gone: Noun) -> None:
    assert fetched(noun, 404) == Reading(gone=(Gone(gone, "404"),))


def test_an_order_that_may_not_be_seen_is_not_gone() -> None:
    """A missing right makes a field that cannot be null null, and the whole order with it."""
    hidden = {**one_order.node(), "statusPageUrl": None}
    with shop_server(answering({"order": by_id([hidden])})) as server, pytest.raises(StoreRefused):
        CONNECTOR.fetch(server.store, Wish(Noun.ORDER, str(one_order.ORDER)))
