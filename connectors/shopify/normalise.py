"""Which topic says what. Pure: a parsed webhook body in our words, or Malformed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.base import Gone, Malformed, Mark, Noun, Reading, Store, Wish
from connectors.shopify.fields import Body, body, child, children, own_id, reference
from connectors.shopify.money import shop_currency, store_currency
from connectors.shopify.orders import order_reading
from connectors.shopify.own_news import bulk_reading, plan_reading, scopes_reading
from connectors.shopify.parcels import is_parcel, parcel, parcel_event
from connectors.shopify.people import consent_reading, customer_reading, merge_reading
from connectors.shopify.privacy import data_request, redact_customer, redact_shop
from connectors.shopify.products import product_reading
from connectors.shopify.profiles import check_number, check_shop, shop_profile
from connectors.shopify.refunds import OTHER_MONEY, is_in_other_money, refund
from connectors.shopify.returns import return_reading

Reader = Callable[[Body, Store | None], Reading]


def normalise(topic: str, payload: Any, store: Store | None = None) -> Reading:
    """Raises Malformed with the path of what is wrong, and nothing else."""
    reader = READERS.get(topic)
    if reader is None:
        return Reading(ignored="topic")
    item = body(payload, "body")
    # The signature covers the body, but not the header that named the shop.
    check_shop(item, store)
    return reader(item, store)


def _order_edited(item: Body, store: Store | None) -> Reading:
    edit = child(item, "order_edit") or item
    return Reading(wishes=(Wish(Noun.ORDER, _needed(edit, "order_id"), "an edit does not hold the order"),))


def _order_deleted(item: Body, store: Store | None) -> Reading:
    return Reading(wishes=(Wish(Noun.ORDER, own_id(item), "a deletion is only a hint"),))


def _fulfillment(item: Body, store: Store | None) -> Reading:
    if not is_parcel(item):
        return Reading(ignored="nothing_ships")
    found = parcel(item, None)
    if found is None:
        wish = Wish(Noun.ORDER, _needed(item, "order_id"), "the parcel came without dates")
        return Reading(wishes=(wish,))
    return Reading(parcels=(found,), stamp=found.version)


def _scan(item: Body, store: Store | None) -> Reading:
    found = parcel_event(item)
    return Reading(parcel_events=(found,), stamp=found.happened_at)


def _scan_taken_back(item: Body, store: Store | None) -> Reading:
    found = parcel_event(item, gone=True)
    return Reading(parcel_events=(found,), stamp=found.happened_at)


def _refund(item: Body, store: Store | None) -> Reading:
    currency = _refund_currency(item, store)
    found = refund(item, None, currency)
    order_id = _needed(item, "order_id")
    if found is None:
        return Reading(wishes=(Wish(Noun.ORDER, order_id, "the refund came without dates"),))
    other = is_in_other_money(item, currency)
    wishes = (Wish(Noun.ORDER, order_id, OTHER_MONEY),) if other else ()
    return Reading(refunds=(found,), wishes=wishes, stamp=found.created_at)


def _refund_currency(item: Body, store: Store | None) -> str:
    """A refund does not name the order's currency; the shop's side of any amount in it does."""
    named = [shop_currency(part, "subtotal_set") for part in children(item, "refund_line_items")]
    return shop_currency(item, "total_duties_set") or next(filter(None, named), None) or store_currency(store)


def _customer(item: Body, store: Store | None) -> Reading:
    return customer_reading(item)


def _customer_deleted(item: Body, store: Store | None) -> Reading:
    return Reading(gone=(Gone(Noun.CUSTOMER, own_id(item)),))


def _merged(item: Body, store: Store | None) -> Reading:
    return merge_reading(item)


def _consent(item: Body, store: Store | None) -> Reading:
    return consent_reading(item)


def _product_deleted(item: Body, store: Store | None) -> Reading:
    return Reading(gone=(Gone(Noun.PRODUCT, own_id(item)),))


def _shop(item: Body, store: Store | None) -> Reading:
    return Reading(profile=shop_profile(item, store))


def _uninstalled(item: Body, store: Store | None) -> Reading:
    check_number(item, "id", store)
    return Reading(mark=Mark.UNINSTALLED)


def _needed(item: Body, key: str) -> str:
    found = reference(item, key)
    if found is None:
        raise Malformed(f"{item.where(key)}: missing")
    return found


# Every topic that is read; any other one is answered and dropped.
READERS: Mapping[str, Reader] = {
    "orders/create": order_reading,
    "orders/updated": order_reading,
    "orders/paid": order_reading,
    "orders/fulfilled": order_reading,
    "orders/partially_fulfilled": order_reading,
    "orders/cancelled": order_reading,
    "orders/edited": _order_edited,
    "orders/delete": _order_deleted,
    "fulfillments/create": _fulfillment,
    "fulfillments/update": _fulfillment,
    "fulfillment_events/create": _scan,
    "fulfillment_events/delete": _scan_taken_back,
    "refunds/create": _refund,
    "customers/create": _customer,
    "customers/update": _customer,
    "customers/delete": _customer_deleted,
    "customers/merge": _merged,
    "customers_email_marketing_consent/update": _consent,
    "products/create": product_reading,
    "products/update": product_reading,
    "products/delete": _product_deleted,
    "returns/request": return_reading,
    "returns/approve": return_reading,
    "returns/decline": return_reading,
    "returns/cancel": return_reading,
    "returns/close": return_reading,
    "returns/update": return_reading,
    "shop/update": _shop,
    "app/uninstalled": _uninstalled,
    "app/scopes_update": scopes_reading,
    "app_subscriptions/update": plan_reading,
    "bulk_operations/finish": bulk_reading,
    "customers/data_request": data_request,
    "customers/redact": redact_customer,
    "shop/redact": redact_shop,
}
