"""Reading from a shop: one thing that is wished for, and the listings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.base import Gone, Malformed, NotThere, Noun, Page, Reading, Store, StoreUnreachable, Wish
from connectors.shopify import normalise_graphql as words
from connectors.shopify.admin_api import call
from connectors.shopify.nodes import dig, listed
from connectors.shopify.whole_orders import LISTED, ORDERS_PER_PAGE, SINGLE, complete
from flows.commerce import ShopProfile

PRODUCTS_PER_PAGE = 100


def fetch(store: Store, wish: Wish) -> Reading:
    """An order with all that belongs to it (also for its refunds or parcels), a customer, a product.

    A null node is `gone`. Raises StoreError.
    """
    try:
        if wish.noun is Noun.CUSTOMER:
            found = dig(call(store, "customer", {"id": _gid("Customer", wish.id)}), "customer")
            return words.customer(found) if found else _gone(wish)
        if wish.noun is Noun.PRODUCT:
            found = dig(call(store, "product", {"id": _gid("Product", wish.id)}), "product")
            return words.product(found, store) if found else _gone(wish)
        found = dig(call(store, "order", {"id": _gid("Order", wish.id), **SINGLE}), "order")
        return words.order(complete(store, found, SINGLE), store) if found else _gone(wish)
    except Malformed as error:
        raise StoreUnreachable(f"an answer that cannot be read: {error}") from None


def changed_since(store: Store, since: datetime, cursor: str | None) -> Page:
    """Orders updated at or after `since` with all their parts, oldest change first."""
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _orders(store, cursor, f"updated_at:>='{moment}'", "UPDATED_AT")


def history(store: Store, cursor: str | None) -> Page:
    """All orders that the granted scopes show (60 days, unless read_all_orders is granted)."""
    return _orders(store, cursor, None, "CREATED_AT")


def catalogue(store: Store, cursor: str | None) -> Page:
    found = dig(call(store, "products", {"first": PRODUCTS_PER_PAGE, "after": cursor}), "products")
    try:
        readings = [words.product(node, store) for node in listed(found, "nodes")]
    except Malformed as error:
        raise StoreUnreachable(f"an answer that cannot be read: {error}") from None
    return Page(_joined(readings), _cursor(found))


def profile(store: Store) -> ShopProfile:
    try:
        return words.profile(dig(call(store, "shop"), "shop"), store)
    except Malformed as error:
        raise StoreUnreachable(f"an answer that cannot be read: {error}") from None


def _orders(store: Store, cursor: str | None, query: str | None, sort: str) -> Page:
    asked = {"first": ORDERS_PER_PAGE, "after": cursor, "query": query, "sortKey": sort, **LISTED}
    found = dig(call(store, "orders", asked), "orders")
    try:
        readings = [words.order(complete(store, node, LISTED), store) for node in listed(found, "nodes")]
    except Malformed as error:
        raise StoreUnreachable(f"an answer that cannot be read: {error}") from None
    return Page(_joined(readings), _cursor(found))


def _joined(readings: list[Reading]) -> Reading:
    return Reading(
        orders=tuple(item for reading in readings for item in reading.orders),
        parcels=tuple(item for reading in readings for item in reading.parcels),
        parcel_events=tuple(item for reading in readings for item in reading.parcel_events),
        refunds=tuple(item for reading in readings for item in reading.refunds),
        products=tuple(item for reading in readings for item in reading.products),
        stamp=max((reading.stamp for reading in readings if reading.stamp), default=None),
    )


def _cursor(connection: Mapping[str, Any] | None) -> str | None:
    more = dig(connection, "pageInfo.hasNextPage")
    cursor = dig(connection, "pageInfo.endCursor")
    return cursor if more and isinstance(cursor, str) else None


def _gid(kind: str, number: str) -> str:
    if not (number.isascii() and number.isdecimal()):
        raise NotThere(f"not an id of Shopify: {number[:40]!r}")
    return f"gid://shopify/{kind}/{number}"


def _gone(wish: Wish) -> Reading:
    noun = wish.noun if wish.noun in (Noun.CUSTOMER, Noun.PRODUCT) else Noun.ORDER
    return Reading(gone=(Gone(noun, wish.id),))
