"""One store with a product, a customer and an order, as its Admin API answers and its messages tell."""

from __future__ import annotations

from connectors.base import Noun, Reading, Wish
from connectors.shopify.connector import ShopifyConnector
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
    **one_order.REACHED_AT,
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


def fetched(noun: Noun, number: int) -> Reading:
    with shop_server(answering(ROOT)) as server:
        return CONNECTOR.fetch(server.store, Wish(noun, str(number)))
