"""Reading from a shop: one thing that is wished for, and the listings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from connectors.base import Gone, Malformed, NotThere, Noun, Page, Reading, Store, StoreUnreachable, Wish
from connectors.shopify import normalise_graphql as words
from connectors.shopify.admin_api import call
from connectors.shopify.entries import joined, read_entry
from connectors.shopify.nodes import dig, listed
from connectors.shopify.whole_orders import LISTED, ORDERS_PER_PAGE, SINGLE, complete, sizes_for
from flows.commerce import ShopProfile

PRODUCTS_PER_PAGE = 100
CUSTOMERS_PER_PAGE = 100


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
        gid = _order_of_return(store, wish) if wish.noun is Noun.RETURN else _gid("Order", wish.id)
        found = dig(call(store, "order", {"id": gid, **sizes_for(store, SINGLE)}), "order") if gid else None
        return words.order(complete(store, found, SINGLE), store) if found else _gone(wish)
    except Malformed as error:
        raise StoreUnreachable(f"an answer that cannot be read: {error}") from None


def _order_of_return(store: Store, wish: Wish) -> str | None:
    """The gid of its order; None: there is no such return any more."""
    asked = {"id": _gid("Return", wish.id), "returnLines": 1}
    found = dig(call(store, "return", asked), "return.order.id")
    return found if isinstance(found, str) else None


def changed_since(store: Store, since: datetime, cursor: str | None) -> Page:
    """Orders updated at or after `since` with all their parts, oldest change first."""
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _orders(store, cursor, f"updated_at:>='{moment}'", "UPDATED_AT")


def list_orders(store: Store, cursor: str | None, since: str) -> Page:
    """All orders that the granted scopes show (60 days, unless read_all_orders is granted), or those made
    at `since` or later, oldest first."""
    return _orders(store, cursor, f"created_at:>='{since}'" if since else None, "CREATED_AT")


def list_products(store: Store, cursor: str | None, since: str = "") -> Page:
    found = dig(call(store, "products", {"first": PRODUCTS_PER_PAGE, "after": cursor}), "products")
    return _page(found, Noun.PRODUCT, lambda node: words.product(node, store))


def list_customers(store: Store, cursor: str | None, since: str = "") -> Page:
    found = dig(call(store, "customers", {"first": CUSTOMERS_PER_PAGE, "after": cursor}), "customers")
    return _page(found, Noun.CUSTOMER, words.customer)


def profile(store: Store) -> ShopProfile:
    try:
        return words.profile(dig(call(store, "shop"), "shop"), store)
    except Malformed as error:
        raise StoreUnreachable(f"an answer that cannot be read: {error}") from None


def _orders(store: Store, cursor: str | None, query: str | None, sort: str) -> Page:
    asked = {"first": ORDERS_PER_PAGE, "after": cursor, "query": query, "sortKey": sort}
    found = dig(call(store, "orders", {**asked, **sizes_for(store, LISTED)}), "orders")
    return _page(found, Noun.ORDER, lambda node: words.order(complete(store, node, LISTED), store))


def _page(found: Any, noun: Noun, read: Callable[[Any], Reading]) -> Page:
    read_ones = [read_entry(node, noun, partial(read, node)) for node in listed(found, "nodes")]
    unread = tuple(reason for _, reasons in read_ones for reason in reasons)
    return Page(joined(reading for reading, _ in read_ones), _cursor(found), unread=unread)


def _cursor(connection: Mapping[str, Any] | None) -> str | None:
    more = dig(connection, "pageInfo.hasNextPage")
    cursor = dig(connection, "pageInfo.endCursor")
    return cursor if more and isinstance(cursor, str) else None


def _gid(kind: str, number: str) -> str:
    if not (number.isascii() and number.isdecimal()):
        raise NotThere(f"not an id of Shopify: {number[:40]!r}")
    return f"gid://shopify/{kind}/{number}"


def _gone(wish: Wish) -> Reading:
    noun = Noun.ORDER if wish.noun in (Noun.REFUNDS, Noun.FULFILLMENTS) else wish.noun
    return Reading(gone=(Gone(noun, wish.id),))
