"""Cancelling an order, sending it elsewhere, and pointing its parcels' tracking links."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.actions.undoing import cancel, refund
from sandbox.shopify.admin_api.asking import Arguments, Asking, Fields, number_in, plain
from sandbox.shopify.admin_api.sources import ParcelOf
from sandbox.shopify.admin_api.writes import Body, Payload, done, refused
from sandbox.shopify.shop import not_before, number_of
from sandbox.store import Refusal

_ADDRESS = {
    "firstName": "first_name",
    "lastName": "last_name",
    "company": "company",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "provinceCode": "province_code",
    "zip": "zip",
    "countryCode": "country_code",
    "phone": "phone",
}


def _cancel(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_orders")
    number, change = number_in(arguments["orderId"], "Order"), asking.change()
    order = asking.shop.read("order", number)
    if order is None:
        return _not_cancelled("Order does not exist", "NOT_FOUND")
    back = bool((arguments.get("refundMethod") or {}).get("originalPaymentMethodsRefund"))
    if back and order["financial_status"] in ("paid", "partially_refunded") and not order["cancelled_at"]:
        refund(change, number)
    try:
        cancel(change, number, arguments["reason"].lower())
    except Refusal as refusal:
        return _not_cancelled(str(refusal), "INVALID")
    job = {"id": f"gid://shopify/Job/{change.event_id}", "done": False}
    return Payload(job=job, orderCancelUserErrors=[], userErrors=[])


def _not_cancelled(message: str, code: str) -> Body:
    problem = {"field": ["orderId"], "message": message, "code": code}
    return Payload(orderCancelUserErrors=[problem], userErrors=[problem])


def _update(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_orders")
    wanted, shop = arguments["input"], asking.shop
    with shop.documents.transaction():
        order = shop.read("order", number_in(wanted["id"], "Order"))
        if order is None:
            return refused("Order does not exist", field=["id"])
        address = wanted.get("shippingAddress")
        if address:
            if not address.get("lastName") or not address.get("address1") or not address.get("city"):
                return refused("Enter a last name, an address and a city", field=["shippingAddress"])
            held = order["shipping_address"] or {}
            order["shipping_address"] = held | _changed(held, address)
        for name in ("note", "email", "phone"):
            if name in wanted:
                order[name] = wanted[name]
        asking.change().keep_order(order, "orders/updated")
    return done(order=order)


def _changed(held: Body, address: Arguments) -> Body:
    """The platform finds the names that belong to codes; here they stay, or are the codes."""
    new = {_ADDRESS[name]: value for name, value in address.items() if name in _ADDRESS}
    if new.get("country_code", held.get("country_code")) != held.get("country_code"):
        new["country"] = new["country_code"]
    if new.get("province_code", held.get("province_code")) != held.get("province_code"):
        new["province"] = new["province_code"]
    whole = held | new
    new["name"] = f"{whole.get('first_name') or ''} {whole.get('last_name') or ''}".strip()
    return new | {"latitude": None, "longitude": None}


def _tracking(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs(
        "write_merchant_managed_fulfillment_orders",
        "write_assigned_fulfillment_orders",
        "write_third_party_fulfillment_orders",
    )
    shop, wanted = asking.shop, arguments["trackingInfoInput"]
    number = number_in(arguments["fulfillmentId"], "Fulfillment")
    with shop.documents.transaction():
        owner = shop.read("owner", f"fulfillments/{number}")
        order = None if owner is None else shop.read("order", owner["order"])
        parcel = (
            next((one for one in order["fulfillments"] if number_of(one) == number), None) if order else None
        )
        if order is None or parcel is None:
            return refused("Fulfillment does not exist", field=["fulfillmentId"])
        numbers = wanted.get("numbers") or [text for text in [wanted.get("number")] if text]
        urls = wanted.get("urls") or [text for text in [wanted.get("url")] if text]
        change = asking.change()
        parcel |= {
            "tracking_company": wanted.get("company") or None,
            "tracking_number": numbers[0] if numbers else None,
            "tracking_numbers": numbers,
            "tracking_url": urls[0] if urls else None,
            "tracking_urls": urls,
            "updated_at": shop.local(not_before(parcel["updated_at"], change.now())),
        }
        change.tell(parcel, "fulfillments/update")
        change.keep_order(order, "orders/updated")
    return done(fulfillment=ParcelOf(order, parcel))


MUTATIONS: Fields = {
    "orderCancel": _cancel,
    "orderUpdate": _update,
    "fulfillmentTrackingInfoUpdate": _tracking,
}
FIELDS: dict[str, Fields] = {"Job": {"id": plain("id"), "done": plain("done")}}
