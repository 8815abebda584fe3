"""The fake Shopify refuses as the real one does: rights, a shut shop, a small bucket, an invalid call."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import RightMissing, StoreFrozen, StoreGone
from connectors.base import Store as Connected
from connectors.shopify.connector import ShopifyConnector
from connectors.writes import CreateDiscount, DiscountKind
from flows.commerce import Platform
from tests.sandbox.shopify.running import MAIN, Api, Store
from wire.http import HttpClient

DOOR = ShopifyConnector()
CODE = CreateDiscount(
    "THANKS-4F2A", "Thanks", DiscountKind.PERCENT, 15, "USD", starts_at=datetime(2026, 11, 1, tzinfo=UTC)
)


def test_a_right_that_was_taken_back_unheard_is_missing(store: Store) -> None:
    """What we believe to have is what we were told last."""
    token = store.install_with("read_orders,read_customers,read_products")
    http = HttpClient({f"https://{MAIN}": store.address})
    believed = Connected(
        Platform.SHOPIFY, MAIN, f"https://{MAIN}", http,
        secrets={"access_token": token}, scopes=("write_discounts", "write_orders"),
    )  # fmt: skip
    with pytest.raises(RightMissing):
        DOOR.write(believed, CODE)


def test_a_shop_that_is_shut_says_so(store: Store, api: Api) -> None:
    http = HttpClient({f"https://{MAIN}": store.address})
    connected = Connected(
        Platform.SHOPIFY, MAIN, f"https://{MAIN}", http, secrets={"access_token": api.token}
    )
    for quirk, kind in (("frozen", StoreFrozen), ("locked", StoreFrozen), ("gone", StoreGone)):
        store.post("/sandbox/quirks", {quirk: True})
        with pytest.raises(kind):
            DOOR.profile(connected)
        store.post("/sandbox/quirks", {quirk: False})
    assert DOOR.profile(connected).currency == "USD"


def test_a_small_bucket_makes_the_app_wait_as_long_as_it_says(store: Store, api: Api) -> None:
    """The smallest plan: 2,000 points, of which 100 come back each second."""
    store.post("/sandbox/quirks", {"points": 100})
    pauses: list[float] = []
    http = HttpClient({f"https://{MAIN}": store.address}, pause=pauses.append)
    connected = Connected(
        Platform.SHOPIFY, MAIN, f"https://{MAIN}", http, currency="USD", secrets={"access_token": api.token}
    )
    cost = api.raw("{ shop { name } }").json()["extensions"]["cost"]["throttleStatus"]
    assert (cost["maximumAvailable"], cost["restoreRate"]) == (2000, 100)
    store.post("/sandbox/quirks", {"throttle": 1})
    DOOR.catalogue(connected, None)
    asked = api.raw("{ products(first: 100) { nodes { id } } }").json()["extensions"]["cost"]
    assert len(pauses) == 1 and 0.1 <= pauses[0] <= 10
    assert asked["throttleStatus"]["currentlyAvailable"] < 2000


def test_an_invalid_query_is_refused_and_so_is_a_mutation_without_its_key(api: Api) -> None:
    (error,) = api.errors("mutation { orderCancel(orderId: 1) { job { idd } } }")[:1]
    assert "idd" in error["message"] or "required" in error["message"]
    refund = 'mutation { refundCreate(input: {orderId: "gid://shopify/Order/1"}) { userErrors { message } } }'
    (error,) = api.errors(refund)
    assert "@idempotent directive is required" in error["message"]
