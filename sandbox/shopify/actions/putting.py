"""Puts recorded resources into a shop as they are, without telling anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.shopify.actions.change import find_order, write_order
from sandbox.shopify.bodies.customers import keep_customer
from sandbox.shopify.shop import Shop, number_of
from sandbox.store import Refusal


def put(shop: Shop, noun: str, body: Mapping[str, Any]) -> str:
    """Returns the number it is found by. Raises Refusal 400, or 404 for a part of an unknown order."""
    copy = dict(body)
    try:
        return _PUTS[noun](shop, copy)
    except KeyError as missing:
        known = ", ".join(_PUTS)
        raise Refusal(400, f"{noun}: cannot be put without {missing} (nouns: {known})") from missing


def _put_order(shop: Shop, order: dict[str, Any]) -> str:
    for part in ("line_items", "fulfillments", "refunds", "shipping_lines"):
        order.setdefault(part, [])
    write_order(shop, order)
    customer = order.get("customer")
    if customer and shop.read("customer", number_of(customer)) is None:
        # The record behind the copy on the order: it has had these times all along.
        times = {name: customer.get(name) or order["created_at"] for name in ("created_at", "updated_at")}
        keep_customer(shop, {"addresses": [], **customer, **times})
    return number_of(order)


def _put_customer(shop: Shop, customer: dict[str, Any]) -> str:
    keep_customer(shop, customer)
    return number_of(customer)


def _put_product(shop: Shop, product: dict[str, Any]) -> str:
    if product.get("created_at") is None:
        product["created_at"] = product["published_at"] or product["updated_at"]
    shop.write("product", product)
    return number_of(product)


def _put_fulfillment(shop: Shop, parcel: dict[str, Any]) -> str:
    _put_part(shop, "fulfillments", parcel)
    return number_of(parcel)


def _put_refund(shop: Shop, refund: dict[str, Any]) -> str:
    _put_part(shop, "refunds", refund)
    return number_of(refund)


def _put_event(shop: Shop, event: dict[str, Any]) -> str:
    order_id = number_of(find_order(shop, str(event["order_id"])))
    scans = shop.read("scans", order_id) or {"events": []}
    others = [one for one in scans["events"] if number_of(one) != number_of(event)]
    shop.write("scans", {"events": [*others, event]}, order_id)
    return number_of(event)


def _put_part(shop: Shop, name: str, part: dict[str, Any]) -> None:
    with shop.documents.transaction():
        order = find_order(shop, str(part["order_id"]))
        others = [one for one in order[name] if number_of(one) != number_of(part)]
        order[name] = [*others, part]
        write_order(shop, order)


_PUTS = {
    "order": _put_order,
    "customer": _put_customer,
    "product": _put_product,
    "fulfillment": _put_fulfillment,
    "refund": _put_refund,
    "fulfillment_event": _put_event,
}
