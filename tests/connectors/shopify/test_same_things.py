"""Products, customers and the shop itself: the Admin API and the webhooks give equal values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.base import Malformed, Mark, Noun, Reading, Wish
from flows.commerce import ConsentState
from tests.connectors.shopify.graph import answering, by_id
from tests.connectors.shopify.one_store import (
    CONNECTOR,
    PRODUCT,
    PRODUCT_BODY,
    ROOT,
    fetched,
)
from tests.connectors.shopify.shop_server import SHOP, shop_server


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
    asked = fetched(Noun.CUSTOMER, 6001)
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
