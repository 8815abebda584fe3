"""A discount code. Its text is made of what it is for, so a repeat finds it taken: by us."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from connectors.amounts import decimal_text
from connectors.base import Store, StoreRefused, StoreUnreachable
from connectors.shopify.admin_api import Complaint, call
from connectors.shopify.ids import gid
from connectors.shopify.nodes import dig
from connectors.writes import CreateDiscount, DiscountKind, Written


def create_discount(store: Store, what: CreateDiscount) -> Written:
    """Raises StoreRefused where the code belongs to something else."""
    free = what.discount is DiscountKind.FREE_SHIPPING
    operation = "discount_code_free_shipping_create" if free else "discount_code_basic_create"
    try:
        made = call(store, operation, {"discount": _input(store, what)})
    except Complaint as complaint:
        if "TAKEN" not in complaint.codes:
            raise
        return _ours(store, what)
    name = "discountCodeFreeShippingCreate" if free else "discountCodeBasicCreate"
    return Written(str(dig(made, f"{name}.codeDiscountNode.id") or ""))


def _ours(store: Store, what: CreateDiscount) -> Written:
    found = dig(call(store, "discount_by_code", {"code": what.code}), "codeDiscountNodeByCode")
    if found is None:
        raise StoreUnreachable(f"the code {what.code} was taken and then is not there")
    if dig(found, "codeDiscount.title") != what.title:
        raise StoreRefused(f"the code {what.code} belongs to another discount")
    return Written(str(dig(found, "id") or ""), already=True)


def _input(store: Store, what: CreateDiscount) -> dict[str, Any]:
    if what.email and what.customer_id is None:
        raise StoreRefused("a code for one customer needs the customer's number")
    one = [gid("Customer", what.customer_id)] if what.customer_id is not None else None
    kind = what.discount
    own: dict[str, Any] = {"destination": {"all": True}}
    if kind is not DiscountKind.FREE_SHIPPING:
        own = {"customerGets": {"value": _value(store, what), "items": {"all": True}}}
    if what.minimum is not None:
        least = _money(store, what.minimum, what.currency)
        own["minimumRequirement"] = {"subtotal": {"greaterThanOrEqualToSubtotal": least}}
    return {
        "title": what.title,
        "code": what.code,
        "startsAt": _instant(what.starts_at),
        "endsAt": _instant(what.ends_at) if what.ends_at else None,
        "usageLimit": what.usage_limit,
        "appliesOncePerCustomer": what.once_per_customer,
        "context": {"customers": {"add": one}} if one else {"all": "ALL"},
        "combinesWith": {
            "orderDiscounts": what.combines,
            "productDiscounts": what.combines,
            # Two of free shipping cannot meet: the API refuses that.
            "shippingDiscounts": what.combines and kind is not DiscountKind.FREE_SHIPPING,
        },
        **own,
    }


def _value(store: Store, what: CreateDiscount) -> dict[str, Any]:
    if what.discount is DiscountKind.AMOUNT:
        money = _money(store, what.value, what.currency)
        return {"discountAmount": {"amount": money, "appliesOnEachItem": False}}
    if not 0 < what.value <= 100:
        raise StoreRefused(f"{what.value} percent cannot be given")
    return {"percentage": what.value / 100}


def _money(store: Store, value: int, currency: str) -> str:
    """The API names no currency with it: it is the shop's."""
    if store.currency and currency != store.currency:
        raise StoreRefused(f"the shop's money is {store.currency}, not {currency}")
    return decimal_text(value, currency)


def _instant(moment: datetime) -> str:
    return moment.isoformat()
