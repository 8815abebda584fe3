"""A new order as the orders/* topics carry it (sample bodies of API version 2026-07)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sandbox.shopify.bodies.addresses import Place, order_address
from sandbox.shopify.bodies.customers import customer_on_order
from sandbox.shopify.bodies.lines import new_line, tax_line
from sandbox.shopify.money import amount, money_set
from sandbox.shopify.pricing import Cart
from sandbox.shopify.shop import Shop
from sandbox.store import OrderRequest


def new_order(
    shop: Shop,
    wanted: OrderRequest,
    cart: Cart,
    customer: dict[str, Any] | None,
    place: Place,
    moment: datetime,
) -> dict[str, Any]:
    id = shop.new_id("order")
    count = shop.documents.next_number(f"{shop.domain}/order_number")
    at, token = shop.local(moment), secrets.token_hex(16)
    home = order_address(place, wanted.first_name, wanted.last_name)
    profile = shop.profile()
    paid = wanted.payment == "card"
    status_url = f"{shop.address}/{profile['id']}/orders/{token}/authenticate?key={secrets.token_hex(8)}"
    return {
        "id": id,
        "admin_graphql_api_id": f"gid://shopify/Order/{id}",
        "app_id": 580111,
        "browser_ip": None,
        "buyer_accepts_marketing": wanted.accepts_marketing,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": None,
        "checkout_token": secrets.token_hex(16),
        "client_details": None,
        "closed_at": None,
        "confirmation_number": secrets.token_hex(5).upper()[:9],
        "confirmed": True,
        "contact_email": wanted.email,
        "created_at": at,
        "currency": profile["currency"],
        **_totals(cart, profile["currency"], paid),
        "customer_locale": "en",
        "device_id": None,
        "discount_codes": _codes(cart),
        "duties_included": False,
        "email": wanted.email,
        "estimated_taxes": False,
        "financial_status": "paid" if paid else "pending",
        "fulfillment_status": None,
        "landing_site": "/",
        "landing_site_ref": None,
        "location_id": None,
        "merchant_business_entity_id": "MTU0ODM4MDAwOQ",
        "merchant_of_record_app_id": None,
        "name": f"#{1000 + count}",
        "note": None,
        "note_attributes": _gift_note(wanted.gift_note),
        "number": count,
        "order_number": 1000 + count,
        "order_status_url": status_url,
        "original_total_additional_fees_set": None,
        "original_total_duties_set": None,
        "payment_gateway_names": ["shopify_payments"] if paid else ["Bank Deposit"],
        "phone": None,
        "po_number": None,
        "presentment_currency": profile["currency"],
        "processed_at": at,
        "reference": None,
        "referring_site": "",
        "source_identifier": None,
        "source_name": "web",
        "source_url": None,
        "tags": "gift" if wanted.gift_note else "",
        "tax_exempt": False,
        "tax_lines": [tax_line(cart.tax, profile["currency"])] if cart.tax else [],
        "taxes_included": False,
        "test": False,
        "token": token,
        "total_weight": sum(line.grams * line.quantity for line in cart.lines),
        "updated_at": at,
        "user_id": None,
        "billing_address": home,
        "customer": None if customer is None else customer_on_order(customer),
        "discount_applications": _applications(cart),
        "fulfillments": [],
        "line_items": [new_line(shop, line) for line in cart.lines],
        "payment_terms": None,
        "refunds": [],
        "shipping_address": dict(home),
        "shipping_lines": [_shipping_line(shop, cart.shipping, profile["currency"])],
        "returns": [],
        "line_item_groups": [],
    }


def _totals(cart: Cart, currency: str, paid: bool) -> dict[str, Any]:
    goods = cart.full - cart.discount
    texts = {
        "current_subtotal_price": goods,
        "current_total_discounts": cart.discount,
        "current_total_price": cart.total,
        "current_total_tax": cart.tax,
        "subtotal_price": goods,
        "total_discounts": cart.discount,
        "total_line_items_price": cart.full,
        "total_price": cart.total,
        "total_tax": cart.tax,
    }
    only_sets = {
        "current_shipping_price_set": cart.shipping,
        "total_cash_rounding_payment_adjustment_set": 0,
        "total_cash_rounding_refund_adjustment_set": 0,
        "total_shipping_price_set": cart.shipping,
    }
    body: dict[str, Any] = {name: amount(value) for name, value in texts.items()}
    body |= {f"{name}_set": money_set(value, currency) for name, value in texts.items()}
    body |= {name: money_set(value, currency) for name, value in only_sets.items()}
    return body | {
        "current_total_additional_fees_set": None,
        "current_total_duties_set": None,
        "total_outstanding": amount(0 if paid else cart.total),
        "total_tip_received": amount(0),
    }


def _codes(cart: Cart) -> list[dict[str, Any]]:
    if cart.value is None:
        return []
    kind = "shipping" if cart.value.free_shipping else "fixed_amount" if cart.value.amount else "percentage"
    return [{"code": cart.value.code, "amount": amount(cart.discount), "type": kind}]


def _applications(cart: Cart) -> list[dict[str, Any]]:
    value = cart.value
    if value is None:
        return []
    return [
        {
            "target_type": "shipping_line" if value.free_shipping else "line_item",
            "type": "discount_code",
            "value": amount(value.amount) if value.amount else f"{float(value.percent or 100)}",
            "value_type": "fixed_amount" if value.amount else "percentage",
            "allocation_method": "each" if value.free_shipping else "across",
            "target_selection": "all",
            "code": value.code,
        }
    ]


def _gift_note(text: str | None) -> list[dict[str, Any]]:
    return [{"name": "gift_message", "value": text}] if text else []


def _shipping_line(shop: Shop, price: int, currency: str) -> dict[str, Any]:
    return {
        "id": shop.new_id("shipping_line"),
        "carrier_identifier": None,
        "code": "Standard",
        "current_discounted_price_set": money_set(price, currency),
        "discounted_price": amount(price),
        "discounted_price_set": money_set(price, currency),
        "is_removed": False,
        "phone": None,
        "price": amount(price),
        "price_set": money_set(price, currency),
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "title": "Standard shipping",
        "tax_lines": [],
        "discount_allocations": [],
    }
