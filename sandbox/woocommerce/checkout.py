"""A shopper buys at the block checkout: a draft first, then the order, and both are told."""

from __future__ import annotations

import copy
import hashlib
import secrets
from datetime import datetime
from typing import Any

from sandbox.store import Address, OrderRequest, Refusal
from sandbox.woocommerce import coupons, lines, orders, stock, tax
from sandbox.woocommerce.announcements import announce
from sandbox.woocommerce.catalogue import Coupon
from sandbox.woocommerce.shop import Shop

_SHIPPING = 490
_FREE_FROM = 8000
_PAYMENTS = {"card": ("stripe", "Card"), "bank_transfer": ("bacs", "Direct bank transfer")}
_STREET = {
    "company": "", "address_1": "Kastanienallee 7", "address_2": "", "city": "Berlin", "state": "DE-BE",
    "postcode": "10435", "country": "DE",
}  # fmt: skip
_NOWHERE = dict.fromkeys(_STREET, "") | {"state": "DE-BE", "country": "DE"}
_PHONE = "+49 30 5550123"

# The platform has no field for either. A tick at the checkout is kept as its "additional fields" are;
# gift plugins keep their note under names like this.
_CONSENT = "_wc_other/larkhus/news"
_GIFT = "_gift_message"

# Seconds: the platform tells of a change before it tells of the making, more often than not.
_UPDATED_AFTER = 0.15
_CREATED_AFTER = 0.3


def place(shop: Shop, wanted: OrderRequest, now: datetime, customer_id: int = 0) -> orders.Order:
    """Raises Refusal 400."""
    if wanted.payment not in _PAYMENTS:
        raise Refusal(400, f"payment is one of: {', '.join(_PAYMENTS)}")
    code, email = wanted.discount_code or "", wanted.email or ""
    coupon = coupons.usable(shop, code, email, now) if code else None
    with shop.documents.transaction():
        order = _draft(shop, wanted, coupon, now, customer_id)
        orders.save(shop, order, now)
        announce(shop, "order.updated", order["id"], body=copy.deepcopy(order))
        _fill_in(shop, order, wanted, now)
        stock.take(shop, order, now)
        coupons.use(shop, code, email)
        orders.save(shop, order, now)
        announce(shop, "order.updated", order["id"], wait=_UPDATED_AFTER)
        announce(shop, "order.created", order["id"], wait=_CREATED_AFTER)
    return order


def shipping_for(goods: int) -> int:
    return 0 if goods >= _FREE_FROM else _SHIPPING


def _draft(
    shop: Shop, wanted: OrderRequest, coupon: Coupon | None, now: datetime, customer_id: int
) -> orders.Order:
    """What lies at the checkout page before the shopper has typed a name."""
    items, sums = lines.line_items(shop, wanted.lines, coupon)
    gross_shipping = shipping_for(sums.gross)
    shipping, shipping_tax = tax.split(gross_shipping)
    id = shop.new_id("order")
    key = f"wc_order_{secrets.token_hex(7)[:13]}"
    cart = hashlib.md5(repr(wanted.lines).encode(), usedforsecurity=False).hexdigest()
    created = shop.stamps("date_created", now)
    modified = shop.stamps("date_modified", now)
    return {
        "id": id, "parent_id": 0, "status": "checkout-draft", "currency": shop.currency,
        "version": "10.2.4", "prices_include_tax": True, "date_created": created["date_created"],
        "date_modified": modified["date_modified"], "discount_total": tax.text(sums.discount[0]),
        "discount_tax": tax.text(sums.discount[1]), "shipping_total": tax.text(shipping),
        "shipping_tax": tax.text(shipping_tax), "cart_tax": tax.text(sums.goods[1]),
        "total": tax.text(sums.gross + gross_shipping),
        "total_tax": tax.text(sums.goods[1] + shipping_tax), "customer_id": customer_id, "order_key": key,
        "billing": {"first_name": "", "last_name": "", **_NOWHERE, "email": "", "phone": ""},
        "shipping": {"first_name": "", "last_name": "", **_NOWHERE, "phone": ""},
        "payment_method": _PAYMENTS[wanted.payment][0], "payment_method_title": "", "transaction_id": "",
        "customer_ip_address": "203.0.113.24", "customer_user_agent": "Mozilla/5.0 (sandbox)",
        "created_via": "store-api", "customer_note": "", "date_completed": None, "date_paid": None,
        "cart_hash": cart, "number": str(id), "meta_data": _checkout_meta(shop),
        "line_items": items, "tax_lines": [lines.tax_line(shop, sums.goods[1], shipping_tax)],
        "shipping_lines": [lines.shipping_line(shop, gross_shipping)], "fee_lines": [],
        "coupon_lines": [lines.coupon_line(shop, coupon, sums.discount)] if coupon else [], "refunds": [],
        "payment_url": f"{shop.home}/checkout/order-pay/{id}/?pay_for_order=true&key={key}",
        "is_editable": False, "needs_payment": True,
        "needs_processing": not all(_is_a_file(shop, item) for item in items),
        "date_created_gmt": created["date_created_gmt"], "date_modified_gmt": modified["date_modified_gmt"],
        "date_completed_gmt": None, "date_paid_gmt": None,
        "currency_symbol": {"EUR": "€", "USD": "$"}.get(shop.currency, shop.currency),
        "_links": _links(shop, id, customer_id),
    }  # fmt: skip


def _fill_in(shop: Shop, order: orders.Order, wanted: OrderRequest, now: datetime) -> None:
    """The shopper's name, wishes and payment: the draft becomes an order."""
    person = {"first_name": wanted.first_name, "last_name": wanted.last_name, **_place(wanted.address)}
    order["billing"] = {**person, "email": wanted.email or "", "phone": _PHONE}
    order["shipping"] = {**person, "phone": _PHONE}
    order["payment_method_title"] = _PAYMENTS[wanted.payment][1]
    orders.set_meta(shop, order, _CONSENT, "1" if wanted.accepts_marketing else "0")
    if wanted.gift_note:
        orders.set_meta(shop, order, _GIFT, wanted.gift_note)
        order["customer_note"] = wanted.gift_note
    if wanted.payment == "card":
        order["transaction_id"] = f"pi_{secrets.token_hex(8)}"
    paid = "processing" if order["needs_processing"] else "completed"
    orders.set_status(shop, order, paid if wanted.payment == "card" else "on-hold", now)


def _is_a_file(shop: Shop, item: dict[str, Any]) -> bool:
    """Nothing to pack: with such lines alone an order is completed by its payment."""
    product = shop.read("product", item["variation_id"] or item["product_id"])
    return product is not None and product["virtual"] and product["downloadable"]


def _place(typed: Address | None) -> dict[str, str]:
    if typed is None:
        return _STREET
    # The country's states are no part of its addresses; the shop's own is kept for all of them.
    return _STREET | {"address_1": typed.street, "city": typed.city, "postcode": typed.postcode}


def _checkout_meta(shop: Shop) -> list[dict[str, Any]]:
    """What the block checkout leaves behind: hashes of its parts (here of nothing)."""
    nothing = hashlib.md5(b"[]", usedforsecurity=False).hexdigest()
    hashes = {f"_{part}_hash": nothing for part in ("shipping", "coupons", "fees", "taxes")}
    return [
        {"id": shop.number("meta"), "key": key, "value": value}
        for key, value in {**hashes, "is_vat_exempt": "no"}.items()
    ]


def _links(shop: Shop, id: int, customer_id: int) -> dict[str, Any]:
    templates = {"embeddable": True, "href": shop.api(f"orders/{id}/actions/email_templates")}
    links = shop.links("orders", id) | {"email_templates": [templates]}
    if customer_id:
        links["customer"] = [{"href": shop.api(f"customers/{customer_id}")}]
    return links
