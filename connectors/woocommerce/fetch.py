"""Reading one thing from the shop, and completing an order with what its own body leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.base import (
    AccessLost,
    Gone,
    Malformed,
    NotThere,
    Noun,
    Reading,
    Store,
    StoreError,
    StoreRefused,
    StoreUnreachable,
    Wish,
)
from connectors.fields import Body, body, children, text
from connectors.woocommerce.fulfillments import each_once, fulfilled_parcels
from connectors.woocommerce.orders import order_reading
from connectors.woocommerce.people import customer_reading
from connectors.woocommerce.refunds import detailed_refund
from connectors.woocommerce.rest_api import NoRoute, Params, read
from connectors.woocommerce.shipments import has_fulfillments, standing
from connectors.woocommerce.statuses import meaning
from connectors.woocommerce.trimmed import ORDER, PRODUCT
from connectors.woocommerce.variations import whole_product
from flows.commerce import Order, Parcel, Refund

# On one page. Whoever has more is not read on: their sum is known from the order.
MOST_REFUNDS = 100
_FIELDS: Mapping[Noun, Params] = {Noun.ORDER: {"_fields": ORDER}, Noun.PRODUCT: {"_fields": PRODUCT}}


def fetch(store: Store, wish: Wish) -> Reading:
    """An order with all that belongs to it (also for its refunds or fulfilments: their answers name
    neither currency nor state), a customer, a product with its variations. What has an answer of 404 is
    `gone`; an order in the trash comes as one that is GONE. Raises StoreError.
    """
    noun = wish.noun if wish.noun in (Noun.CUSTOMER, Noun.PRODUCT) else Noun.ORDER
    try:
        item = body(read(store, f"{noun}s/{_number(wish)}", _FIELDS.get(noun)), noun)
        if noun is Noun.CUSTOMER:
            return customer_reading(item)
        return whole_product(store, item, []) if noun is Noun.PRODUCT else whole_order(store, item)
    except NotThere:
        return Reading(gone=(Gone(noun, wish.id),))
    except Malformed as error:
        problem = StoreUnreachable(f"an answer that cannot be read: {error}")
    raise problem


def whole_order(store: Store, item: Body) -> Reading:
    """The order of a body with the lines of its refunds and what is in its fulfilments.

    Raises StoreError and Malformed.
    """
    told = order_reading(item, store.words)
    if not told.wishes:
        return told
    order = told.orders[0]
    refunds = _refunds(store, order) if told.refunds else ()
    return replace(
        told,
        refunds=refunds,
        all_refunds_of=told.all_refunds_of if len(refunds) < MOST_REFUNDS else (),
        parcels=_parcels(store, item, order, told.parcels) if has_fulfillments(item) else told.parcels,
        all_parcels_of=(order.id,) if meaning(text(item, "status"), store.words).shipped is not None else (),
        wishes=(),
    )


def _refunds(store: Store, order: Order) -> tuple[Refund, ...]:
    listed = _below(store, order, "refunds", {"per_page": str(MOST_REFUNDS)})
    wrapped = body({"refunds": listed}, f"order {order.id}")
    return tuple(detailed_refund(item, order) for item in children(wrapped, "refunds"))


def _parcels(store: Store, item: Body, order: Order, tracked: tuple[Parcel, ...]) -> tuple[Parcel, ...]:
    """With those that a tracking plugin keeps; one that is kept in both places counts once."""
    try:
        answer = _below(store, order, "fulfillments")
    except NoRoute:  # the feature was switched off again
        return tracked
    found = fulfilled_parcels(body(answer, f"order {order.id}"), order)
    return standing(each_once(tracked, found, order), order, meaning(text(item, "status"), store.words))


def _below(store: Store, order: Order, what: str, params: Params | None = None) -> Any:
    """Who may see the order and not what lies below it has lost no access to the shop."""
    problem: StoreError
    try:
        return read(store, f"orders/{order.id}/{what}", params)
    except AccessLost as error:
        problem = StoreRefused(f"the {what} of order {order.id}: {error}")
    raise problem


def _number(wish: Wish) -> str:
    if not (wish.id.isascii() and wish.id.isdecimal()):
        raise NotThere(f"not an id of WooCommerce: {wish.id[:40]!r}")
    return wish.id
