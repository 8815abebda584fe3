"""The Admin API and the webhooks of one and the same thing give equal values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.base import Gone, Malformed, Mark, Noun, Reading, StoreRefused, Wish
from connectors.shopify import normalise_graphql as words
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.fields import body
from connectors.shopify.returns import return_reading
from flows.commerce import ConsentState, LineQuantity, ParcelStatus, Return, Shipped, Tracking
from tests.connectors.shopify import one_order
from tests.connectors.shopify.graph import answering, by_id
from tests.connectors.shopify.shop_server import SHOP, ShopServer, shop_server

CONNECTOR = ShopifyConnector()
STORE = ShopServer("http://127.0.0.1:1", [], []).store
PRODUCT = {
    "id": one_order.gid("Product", 7101),
    "title": "Morning blend",
    "handle": "morning-blend",
    "status": "ACTIVE",
    "productType": "Coffee",
    "vendor": "Hollow Pine",
    "tracksInventory": True,
    "totalInventory": 12,
    "tags": ["consumable", "timing:fast"],
    "createdAt": "2026-01-01T00:00:00Z",
    "updatedAt": "2026-11-01T00:00:00Z",
    "publishedAt": "2026-01-01T00:00:00Z",
    "onlineStoreUrl": "https://hollowpine.example/products/morning-blend",
    "featuredMedia": {
        "__typename": "MediaImage",
        "preview": {"image": {"url": "https://cdn.example/blend.png"}},
    },
    "priceRangeV2": {"minVariantPrice": {"amount": "18.0", "currencyCode": "USD"}},
}
PRODUCT_BODY = {
    "id": 7101,
    "admin_graphql_api_id": one_order.gid("Product", 7101),
    "title": "Morning blend",
    "handle": "morning-blend",
    "status": "active",
    "product_type": "Coffee",
    "vendor": "Hollow Pine",
    "tags": "consumable, timing:fast",
    "created_at": "2025-12-31T18:00:00-06:00",
    "updated_at": "2026-10-31T19:00:00-05:00",
    "published_at": "2025-12-31T18:00:00-06:00",
    "image": {"src": "https://cdn.example/blend.png"},
    "variants": [
        {"price": "64.00", "inventory_policy": "deny", "inventory_quantity": 0},
        {"price": "18.00", "inventory_policy": "deny", "inventory_quantity": 12},
    ],
}
CUSTOMER = {
    "id": one_order.gid("Customer", 6001),
    "firstName": "Ines",
    "lastName": "Okafor",
    "locale": "en-US",
    "createdAt": "2026-01-01T00:00:00Z",
    "updatedAt": "2026-11-20T15:00:00Z",
    "numberOfOrders": "7",
    "defaultEmailAddress": {
        "emailAddress": "ines@example.com",
        "marketingState": "SUBSCRIBED",
        "marketingOptInLevel": "SINGLE_OPT_IN",
        "marketingUpdatedAt": "2026-11-20T15:00:00Z",
    },
    "defaultPhoneNumber": {"phoneNumber": "+13125550100"},
}
SHOP_NODE = {
    "id": "gid://shopify/Shop/61",
    "name": "Hollow Pine Coffee",
    "email": "owner@hollowpine.example",
    "contactEmail": "hello@hollowpine.example",
    "currencyCode": "USD",
    "ianaTimezone": "America/Chicago",
    "myshopifyDomain": SHOP,
    "plan": {"partnerDevelopment": False},
    "primaryDomain": {"url": "https://hollowpine.example", "localization": {"defaultLocale": "en"}},
    "shopAddress": {
        "address1": "2140 West Fulton Street",
        "zip": "60612",
        "city": "Chicago",
        "province": "Illinois",
        "country": "United States",
        "countryCodeV2": "US",
    },
}
ROOT = {
    "order": by_id([one_order.node()]),
    "product": by_id([PRODUCT]),
    "customer": by_id([CUSTOMER]),
    "shop": SHOP_NODE,
}


def _fetched(noun: Noun, number: int) -> Reading:
    with shop_server(answering(ROOT)) as server:
        return CONNECTOR.fetch(server.store, Wish(noun, str(number)))


@pytest.mark.parametrize("noun", [Noun.ORDER, Noun.REFUNDS, Noun.FULFILLMENTS])
def test_an_order_with_all_its_parts(noun: Noun) -> None:
    asked = _fetched(noun, one_order.ORDER)
    told = CONNECTOR.normalise("orders/updated", one_order.webhook_order())
    assert asked.orders == told.orders
    assert asked.parcels == told.parcels
    assert asked.refunds == told.refunds
    assert asked.returns == tuple(replace(one, version=told.orders[0].version) for one in _returns_told())
    assert asked.stamp == told.stamp
    assert len(told.orders) == 1 and told.wishes == asked.wishes == ()


def test_an_order_tells_the_consent_that_a_lost_message_would_have_told() -> None:
    """So whoever reads an order again heals it; a message about an order says nothing of it."""
    asked = _fetched(Noun.ORDER, one_order.ORDER)
    assert asked.consents == _fetched(Noun.CUSTOMER, 6001).consents
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
    assert scan.parcel_events == _fetched(Noun.ORDER, one_order.ORDER).parcel_events
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


def test_a_product() -> None:
    with shop_server(answering(ROOT)) as server:
        asked = CONNECTOR.fetch(server.store, Wish(Noun.PRODUCT, "7101"))
        told = CONNECTOR.normalise("products/update", PRODUCT_BODY, server.store)
    assert asked == told
    assert told.products[0].url == "https://hollowpine.example/products/morning-blend"
    assert (told.products[0].price, told.products[0].currency) == (1800, "USD")
    assert told.products[0].tags == ("consumable", "timing:fast")
    assert (told.products[0].vendor, told.products[0].available) == ("Hollow Pine", True)


@pytest.mark.parametrize(
    ("counted", "left", "available"), [(True, 0, False), (True, -2, False), (True, 1, True), (False, 0, True)]
)
def test_whether_a_product_can_be_bought(counted: bool, left: int, available: bool) -> None:
    node = {**PRODUCT, "tracksInventory": counted, "totalInventory": left}
    with shop_server(answering({**ROOT, "product": by_id([node])})) as server:
        asked = CONNECTOR.fetch(server.store, Wish(Noun.PRODUCT, "7101"))
    assert [product.available for product in asked.products] == [available]


def test_of_a_body_without_a_piece_left_the_store_is_asked_whether_pieces_are_counted() -> None:
    """What is not counted has none left either, and can be bought for ever."""
    variant = {"price": "18.00", "inventory_policy": "deny", "inventory_quantity": 0}
    with shop_server(answering(ROOT)) as server:
        for changed, available in (({}, None), ({"inventory_policy": "continue"}, True)):
            body = {**PRODUCT_BODY, "variants": [{**variant, **changed}]}
            told = CONNECTOR.normalise("products/update", body, server.store)
            assert told.products[0].available is available
            assert [wish.id for wish in told.wishes] == ([] if available else ["7101"])


def test_a_product_body_without_its_shop_is_read_from_the_store() -> None:
    told = CONNECTOR.normalise("products/update", PRODUCT_BODY)
    assert [wish.id for wish in told.wishes] == ["7101"]
    assert (told.products[0].title, told.products[0].url) == ("Morning blend", None)


@pytest.mark.parametrize(
    "changed", [{"status": "draft"}, {"status": "archived"}, {"status": "unlisted"}, {"published_at": None}]
)
def test_a_product_that_nobody_can_see_has_no_address(changed: dict[str, Any]) -> None:
    with shop_server(answering(ROOT)) as server:
        product = CONNECTOR.normalise("products/update", {**PRODUCT_BODY, **changed}, server.store).products[
            0
        ]
    assert (product.published, product.url) == (False, None)


@pytest.mark.parametrize("address", [None, "", "  "])
def test_a_consent_without_an_address_says_nothing(address: str | None) -> None:
    body = {"customer_id": 6001, "email_address": address, "email_marketing_consent": {"state": "subscribed"}}
    assert CONNECTOR.normalise("customers_email_marketing_consent/update", body) == Reading(
        ignored="no_address"
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("SUBSCRIBED", ConsentState.SUBSCRIBED),
        ("unsubscribed", ConsentState.UNSUBSCRIBED),
        ("pending", ConsentState.PENDING),
        ("redacted", ConsentState.REDACTED),
        ("invalid", ConsentState.INVALID),
        ("maybe", ConsentState.NOT_SUBSCRIBED),
        (None, ConsentState.NOT_SUBSCRIBED),
    ],
)
def test_only_a_known_word_gives_permission(state: str | None, expected: ConsentState) -> None:
    body = {"email_address": "a@example.com", "email_marketing_consent": {"state": state}}
    reading = CONNECTOR.normalise("customers_email_marketing_consent/update", body)
    assert reading.consents[0].state is expected


def test_a_customer_and_the_consent() -> None:
    told: dict[str, Any] = {
        "id": 6001,
        "email": "ines@example.com",
        "first_name": "Ines",
        "last_name": "Okafor",
        "phone": "+13125550100",
        "locale": "en-US",
        "updated_at": "2026-11-20T09:00:00-06:00",
        "orders_count": 7,
    }
    consent = {
        "customer_id": 6001,
        "email_address": "ines@example.com",
        "email_marketing_consent": {
            "state": "subscribed",
            "opt_in_level": "single_opt_in",
            "consent_updated_at": "2026-11-20T09:00:00-06:00",
        },
    }
    asked = _fetched(Noun.CUSTOMER, 6001)
    assert asked.customers == CONNECTOR.normalise("customers/update", told).customers
    assert asked.consents == CONNECTOR.normalise("customers_email_marketing_consent/update", consent).consents
    assert asked.consents[0].state is ConsentState.SUBSCRIBED
    assert asked.customers[0].order_count == 7
    assert asked.consents[0].customer_id == "6001"


def test_the_shop_itself() -> None:
    body = {
        "id": 61,
        "name": "Hollow Pine Coffee",
        "email": "owner@hollowpine.example",
        "customer_email": "hello@hollowpine.example",
        "domain": "hollowpine.example",
        "myshopify_domain": SHOP,
        "currency": "USD",
        "iana_timezone": "America/Chicago",
        "primary_locale": "en",
        "address1": "2140 West Fulton Street",
        "zip": "60612",
        "city": "Chicago",
        "province": "Illinois",
        "country": "United States",
        "country_code": "US",
    }
    with shop_server(answering(ROOT)) as server:
        profile = CONNECTOR.profile(server.store)
    assert profile.for_tests is False, "which a message does not say"
    assert replace(profile, for_tests=None) == CONNECTOR.normalise("shop/update", body).profile
    assert profile.address == "2140 West Fulton Street, 60612, Chicago, Illinois, United States"


@pytest.mark.parametrize("topic", ["shop/update", "app/uninstalled"])
def test_a_body_of_another_shop_than_the_header_named_cannot_be(topic: str) -> None:
    """The signature covers the body and not the header: one shop's body must not pass as another's."""
    with shop_server(answering(ROOT)) as server:
        own = CONNECTOR.normalise(topic, {"myshopify_domain": SHOP.upper()}, server.store)
        assert own.profile is not None or own.mark is Mark.UNINSTALLED
        with pytest.raises(Malformed, match="another shop's"):
            CONNECTOR.normalise(topic, {"myshopify_domain": "other.myshopify.com"}, server.store)


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
    assert _fetched(noun, 404) == Reading(gone=(Gone(gone, "404"),))


def test_an_order_that_may_not_be_seen_is_not_gone() -> None:
    """A missing right makes a field that cannot be null null, and the whole order with it."""
    hidden = {**one_order.node(), "statusPageUrl": None}
    with shop_server(answering({"order": by_id([hidden])})) as server, pytest.raises(StoreRefused):
        CONNECTOR.fetch(server.store, Wish(Noun.ORDER, str(one_order.ORDER)))
