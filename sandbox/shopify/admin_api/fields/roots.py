"""Where a query begins: the root fields that this store answers, with their rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from graphql import GraphQLError

from sandbox.shopify.admin_api.asking import Arguments, Asking, Fields, as_moment, number_in
from sandbox.shopify.admin_api.connections import Key, Rows, rows
from sandbox.shopify.admin_api.fields import (
    bulk,
    consents,
    credits,
    discounts,
    edits,
    metafields,
    order_writes,
    returns,
    subscriptions,
)
from sandbox.shopify.admin_api.fields.shops import versions
from sandbox.shopify.admin_api.searching import Searchable, search
from sandbox.shopify.admin_api.sources import ParcelOf, RefundOf
from sandbox.shopify.shop import Shop, number_of

# Older orders need a right of their own, which a shop grants on request.
_RECENT = timedelta(days=60)


def _by_time(name: str) -> Callable[[Any], Key]:
    def place(body: dict[str, Any]) -> Key:
        moment = as_moment(body[name])
        return (moment.isoformat() if moment else "", int(number_of(body)))

    return place


_SORT_KEYS: dict[str, Callable[[Any], Key]] = {
    "ID": lambda body: (int(number_of(body)),),
    "CREATED_AT": _by_time("created_at"),
    "UPDATED_AT": _by_time("updated_at"),
    "PROCESSED_AT": _by_time("processed_at"),
    "TITLE": lambda body: (body["title"], int(number_of(body))),
}
_TIMES: Searchable = {
    "updated_at": lambda body: as_moment(body["updated_at"]),
    "created_at": lambda body: as_moment(body["created_at"]),
    "id": number_of,
}
_OF_ORDERS: Searchable = {
    **_TIMES,
    "processed_at": lambda order: as_moment(order["processed_at"]),
    "name": lambda order: order["name"],
    "email": lambda order: order["email"],
    "financial_status": lambda order: order["financial_status"],
}
_OF_CUSTOMERS: Searchable = {**_TIMES, "email": lambda customer: customer["email"]}
_OF_PRODUCTS: Searchable = {
    **_TIMES,
    "status": lambda product: product["status"],
    "title": lambda product: product["title"],
}


def _listing(sources: list[Any], arguments: Arguments, fields: Searchable, default: str = "ID") -> Rows:
    if arguments.get("savedSearchId"):
        raise GraphQLError("this store keeps no saved searches")
    order = arguments.get("sortKey") or default
    if order not in _SORT_KEYS:
        raise GraphQLError(f"this store cannot sort by {order}")
    return rows(search(sources, arguments.get("query"), fields), _SORT_KEYS[order])


def _order(source: Any, asking: Asking, arguments: Arguments) -> Any:
    asking.needs("read_orders")
    return asking.shop.read("order", number_in(arguments["id"], "Order"))


def _orders(source: Any, asking: Asking, arguments: Arguments) -> Rows:
    asking.needs("read_orders")
    orders = asking.shop.all("order")
    if "read_all_orders" not in asking.scopes:
        oldest = asking.shop.clock.now() - _RECENT
        orders = [order for order in orders if (as_moment(order["created_at"]) or oldest) >= oldest]
    return _listing(orders, arguments, _OF_ORDERS, "PROCESSED_AT")


def _fulfillment(source: Any, asking: Asking, arguments: Arguments) -> Any:
    asking.needs("read_orders", "read_fulfillments")
    return _part(asking.shop, "fulfillments", ParcelOf, number_in(arguments["id"], "Fulfillment"))


def _refund(source: Any, asking: Asking, arguments: Arguments) -> Any:
    asking.needs("read_orders")
    return _part(asking.shop, "refunds", RefundOf, number_in(arguments["id"], "Refund"))


def _part(shop: Shop, name: str, wrap: Any, number: str) -> Any:
    owner = shop.read("owner", f"{name}/{number}")
    order = None if owner is None else shop.read("order", owner["order"])
    parts = order[name] if order else []
    return next((wrap(order, part) for part in parts if number_of(part) == number), None)


def _customer(source: Any, asking: Asking, arguments: Arguments) -> Any:
    asking.needs("read_customers")
    return asking.shop.read("customer", number_in(arguments["id"], "Customer"))


def _customers(source: Any, asking: Asking, arguments: Arguments) -> Rows:
    asking.needs("read_customers")
    return _listing(asking.shop.all("customer"), arguments, _OF_CUSTOMERS)


def _product(source: Any, asking: Asking, arguments: Arguments) -> Any:
    asking.needs("read_products")
    return asking.shop.read("product", number_in(arguments["id"], "Product"))


def _products(source: Any, asking: Asking, arguments: Arguments) -> Rows:
    asking.needs("read_products")
    return _listing(asking.shop.all("product"), arguments, _OF_PRODUCTS)


FIELDS: dict[str, Fields] = {
    "QueryRoot": {
        "shop": lambda source, asking, arguments: asking.shop.profile(),
        "order": _order,
        "orders": _orders,
        "fulfillment": _fulfillment,
        "refund": _refund,
        "customer": _customer,
        "customers": _customers,
        "product": _product,
        "products": _products,
        "webhookSubscriptions": lambda source, asking, arguments: subscriptions.subscriptions(
            asking, arguments
        ),
        "publicApiVersions": lambda source, asking, arguments: versions(),
        "currentAppInstallation": lambda source, asking, arguments: {},
        **bulk.ROOTS,
        **discounts.QUERIES,
        **metafields.QUERIES,
        **returns.QUERIES,
        **credits.QUERIES,
    },
    "Mutation": {
        **bulk.MUTATIONS,
        **discounts.MUTATIONS,
        **consents.MUTATIONS,
        **metafields.MUTATIONS,
        **order_writes.MUTATIONS,
        **edits.MUTATIONS,
        **returns.MUTATIONS,
        **credits.MUTATIONS,
        "webhookSubscriptionCreate": lambda source, asking, arguments: subscriptions.create(
            asking, arguments
        ),
        "webhookSubscriptionDelete": lambda source, asking, arguments: subscriptions.delete(
            asking, arguments
        ),
    },
}
