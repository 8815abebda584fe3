"""How Shopify tells about a life: bodies as its webhooks have them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.chaos.lives import ChaosShop, Life

PRICES = {1: 2500, 2: 1750}
PRODUCT = 7001
BASE = 5_000_000_000_000
Message = tuple[str, bytes]


def messages(life: Life, what: str, detail: int) -> list[Message]:
    """The deliveries that follow a happening, in the order in which they are triggered."""
    order = encode(order_body(life))
    match what:
        case "place":
            return [("orders/create", order), ("orders/paid", order)]
        case "cancel":
            return [("orders/cancelled", order), ("orders/updated", order)]
        case "ship":
            return [("fulfillments/create", encode(_fulfillment(life, detail))), ("orders/updated", order)]
        case "deliver":
            return [("fulfillment_events/create", encode(_scan(life, detail))), ("orders/updated", order)]
        case "refund":
            return [("refunds/create", encode(_refund(life, len(life.refunds)))), ("orders/updated", order)]
    raise ValueError(what)


def headers(shop: ChaosShop, topic: str, body: bytes, delivery: int) -> dict[str, str]:
    signature = hmac.new(shop.secret.encode(), body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
        "X-Shopify-Shop-Domain": shop.domain,
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": f"00000000-0000-4000-8000-{delivery:012}",
        "X-Shopify-Event-Id": f"00000000-0000-4000-9000-{delivery:012}",
    }


def encode(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def order_body(life: Life) -> dict[str, Any]:
    assert life.placed_at and life.changed_at
    number = BASE + life.number
    shipped = {0: None, life.all_parcels: "fulfilled"}.get(len(life.shipped), "partial")
    total = _price(1, 2)
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        "name": f"#{life.number}",
        "order_number": life.number,
        "email": life.email,
        "contact_email": life.email,
        "currency": "USD",
        "presentment_currency": "USD",
        "created_at": _time(life.placed_at),
        "processed_at": _time(life.placed_at),
        "updated_at": _time(life.changed_at),
        "cancelled_at": _time(life.cancelled_at),
        "financial_status": _financial(life),
        "fulfillment_status": shipped,
        "customer_locale": "en",
        "source_name": "web",
        "test": False,
        "tags": "",
        "note": None,
        "note_attributes": [],
        "discount_codes": [],
        "taxes_included": False,
        "total_price": total,
        "subtotal_price": total,
        "total_tax": "0.00",
        "total_discounts": "0.00",
        "payment_gateway_names": ["card"],
        "customer": {"id": number + 1, "email": life.email, "first_name": "Ida", "last_name": "Lind"},
        "shipping_address": {
            "first_name": "Ida",
            "last_name": "Lind",
            "address1": "1 Long Road",
            "city": "Chicago",
            "zip": "60601",
            "province_code": "IL",
            "country_code": "US",
        },
        "shipping_lines": [{"title": "Standard"}],
        "line_items": [_line(life, line) for line in (1, 2)],
        "fulfillments": [_fulfillment(life, parcel) for parcel in life.shipped],
        "refunds": [_refund(life, at) for at in range(1, len(life.refunds) + 1)],
    }


def _financial(life: Life) -> str:
    if life.fully_refunded:
        return "refunded"
    return "partially_refunded" if life.refunds else "paid"


def _fulfillment(life: Life, parcel: int) -> dict[str, Any]:
    at, arrived = life.shipped[parcel], life.delivered.get(parcel)
    number = f"1Z{life.number:06}{parcel}"
    return {
        "id": _parcel_id(life, parcel),
        "order_id": BASE + life.number,
        "status": "success",
        "shipment_status": "delivered" if arrived else None,
        "created_at": _time(at),
        "updated_at": _time(arrived or at),
        "tracking_company": "UPS",
        "tracking_number": number,
        "tracking_numbers": [number],
        "tracking_url": f"https://www.ups.com/track?tracknum={number}",
        "name": f"#{life.number}.{parcel}",
        "line_items": [_line(life, line) for line in ((parcel,) if life.all_parcels == 2 else (1, 2))],
    }


def _scan(life: Life, parcel: int) -> dict[str, Any]:
    at = _time(life.delivered[parcel])
    return {
        "id": _parcel_id(life, parcel) + 500_000,
        "fulfillment_id": _parcel_id(life, parcel),
        "order_id": BASE + life.number,
        "status": "delivered",
        "message": "Delivered",
        "happened_at": at,
        "created_at": at,
        "updated_at": at,
    }


def _refund(life: Life, at: int) -> dict[str, Any]:
    lines, when = life.refunds[at - 1]
    amount = _price(*lines)
    money = {"amount": amount, "currency_code": "USD"}
    return {
        "id": BASE + life.number * 10 + at,
        "order_id": BASE + life.number,
        "created_at": _time(when),
        "processed_at": _time(when),
        "note": "",
        "refund_line_items": [
            {
                "id": BASE + life.number * 100 + line,
                "line_item_id": _line_id(life, line),
                "quantity": 1,
                "subtotal": PRICES[line] / 100,
                "total_tax": 0,
                "subtotal_set": {"shop_money": {"amount": _price(line), "currency_code": "USD"}},
            }
            for line in lines
        ],
        "total_duties_set": {"shop_money": {"amount": "0.00", "currency_code": "USD"}},
        "refund_shipping_lines": [],
        "order_adjustments": [],
        "transactions": [
            {
                "id": BASE + at,
                "kind": "refund",
                "status": "success",
                "currency": "USD",
                "amount": amount,
                "amount_set": {"shop_money": money},
            }
        ],
    }


def product_body(at: datetime) -> dict[str, Any]:
    return {
        "id": PRODUCT,
        "title": "Paper Lamp",
        "handle": "paper-lamp",
        "status": "active",
        "tags": "",
        "product_type": "",
        "created_at": _time(at),
        "updated_at": _time(at),
        "published_at": _time(at),
        "variants": [{"id": 1, "price": "25.00"}],
        "images": [],
    }


def _line(life: Life, line: int) -> dict[str, Any]:
    return {
        "id": _line_id(life, line),
        "title": f"Paper Lamp {line}",
        "name": f"Paper Lamp {line}",
        "quantity": 1,
        "current_quantity": 1,
        "price": _price(line),
        "product_id": PRODUCT,
        "variant_id": 100 + line,
        "sku": f"LAMP-{line}",
        "requires_shipping": True,
        "gift_card": False,
        "properties": [],
        "total_discount": "0.00",
        "discount_allocations": [],
    }


def _line_id(life: Life, line: int) -> int:
    return BASE + life.number * 10 + line


def _parcel_id(life: Life, parcel: int) -> int:
    return BASE + life.number * 10 + parcel


def _price(*lines: int) -> str:
    return f"{sum(PRICES[line] for line in lines) / 100:.2f}"


def _time(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00") if at else None
