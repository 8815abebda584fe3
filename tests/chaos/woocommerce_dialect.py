"""How a WooCommerce store tells about a life: bodies as its webhooks and REST answers have them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from tests.chaos.lives import ChaosShop, Life

PRICES = {1: 2500, 2: 1750}
PRODUCT = 10
Message = tuple[str, bytes]


def messages(life: Life, what: str) -> list[Message]:
    """The deliveries that follow a happening; a new order is announced twice, as real stores do."""
    text = encode(order_body(life))
    return (
        [("order.created", text), ("order.updated", text)] if what == "place" else [("order.updated", text)]
    )


def headers(shop: ChaosShop, topic: str, body: bytes, delivery: int) -> dict[str, str]:
    signature = hmac.new(shop.secret.encode(), body, hashlib.sha256).digest()
    resource, event = topic.split(".")
    return {
        "Content-Type": "application/json",
        "User-Agent": "WooCommerce/10.2.4 Hookshot (WordPress/6.8.8)",
        "X-WC-Webhook-Source": f"https://{shop.domain}/",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-WC-Webhook-ID": "1",
        # A real store's delivery ids repeat; nothing may depend on them.
        "X-WC-Webhook-Delivery-ID": hashlib.md5(str(delivery // 3).encode()).hexdigest(),
    }


def encode(body: Any) -> bytes:
    return json.dumps(body).replace("/", "\\/").encode()


def order_body(life: Life) -> dict[str, Any]:
    assert life.placed_at and life.changed_at
    person = {
        "first_name": "Ida",
        "last_name": f"Number {life.number}",
        "address_1": "1 Long Road",
        "city": "Portland",
        "state": "OR",
        "postcode": "97201",
        "country": "US",
    }
    refunds = [
        {"id": life.number * 10 + at, "reason": "", "total": f"-{_amount(lines)}"}
        for at, (lines, _) in enumerate(life.refunds, start=1)
    ]
    return {
        "id": life.number,
        "parent_id": 0,
        "status": _status(life),
        "currency": "EUR",
        "prices_include_tax": True,
        **_times("date_created", life.placed_at),
        **_times("date_modified", life.changed_at),
        **_times("date_paid", life.placed_at),
        **_times("date_completed", None),
        "discount_total": "0.00",
        "shipping_total": "0.00",
        "cart_tax": "0.00",
        "total": _amount((1, 2)),
        "total_tax": "0.00",
        "customer_id": 0,
        "billing": {**person, "company": "", "address_2": "", "email": life.email, "phone": ""},
        "shipping": {**person, "company": "", "address_2": "", "phone": ""},
        "payment_method": "card",
        "payment_method_title": "Card",
        "created_via": "checkout",
        "customer_note": "",
        "number": str(life.number),
        "meta_data": [{"id": 1, "key": "_wc_shipment_tracking_items", "value": _tracking(life)}],
        "line_items": [_line(life, line) for line in (1, 2)],
        "tax_lines": [],
        "shipping_lines": [{"id": 5, "method_title": "Flat rate", "method_id": "flat_rate", "total": "0.00"}],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": list(reversed(refunds)),
        "currency_symbol": "€",
    }


def refund_bodies(life: Life) -> list[dict[str, Any]]:
    """GET orders/ID/refunds: where the lines of a refund are."""
    return [
        {
            "id": life.number * 10 + at,
            **_times("date_created", when),
            "amount": _amount(lines),
            "reason": "",
            "line_items": [
                {
                    **_line(life, line),
                    "id": 9000 + line,
                    "quantity": -1,
                    "total": f"-{PRICES[line] / 100:.2f}",
                    "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": str(_line_id(life, line))}],
                }
                for line in lines
            ],
        }
        for at, (lines, when) in enumerate(life.refunds, start=1)
    ]


def product_body(at: datetime) -> dict[str, Any]:
    return {
        "id": PRODUCT,
        "name": "Paper Lamp",
        "slug": "paper-lamp",
        "type": "simple",
        "status": "publish",
        "permalink": "https://shop.example/product/paper-lamp/",
        "price": "25.00",
        "virtual": False,
        "downloadable": False,
        "parent_id": 0,
        "categories": [],
        "tags": [],
        "images": [],
        "variations": [],
        **_times("date_created", at),
        **_times("date_modified", at),
    }


def _status(life: Life) -> str:
    if life.cancelled_at:
        return "cancelled"
    if life.fully_refunded:
        return "refunded"
    if len(life.delivered) == life.all_parcels:
        return "delivered"
    if life.shipped:
        return "shipped" if len(life.shipped) == life.all_parcels else "partial-shipped"
    return "processing"


def _tracking(life: Life) -> list[dict[str, str]]:
    return [
        {
            "tracking_provider": "usps",
            "custom_tracking_provider": "",
            "custom_tracking_link": "",
            "tracking_number": f"94001{life.number:06}{parcel}",
            "date_shipped": str(int(at.timestamp())),
            "tracking_id": f"{life.number:x}p{parcel}",
        }
        for parcel, at in life.shipped.items()
    ]


def _line(life: Life, line: int) -> dict[str, Any]:
    price = f"{PRICES[line] / 100:.2f}"
    return {
        "id": _line_id(life, line),
        "name": f"Paper Lamp {line}",
        "product_id": PRODUCT,
        "variation_id": 0,
        "quantity": 1,
        "subtotal": price,
        "subtotal_tax": "0.00",
        "total": price,
        "total_tax": "0.00",
        "taxes": [],
        "meta_data": [],
        "sku": f"LAMP-{line}",
        "price": PRICES[line] / 100,
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }


def _line_id(life: Life, line: int) -> int:
    return life.number * 10 + line


def _amount(lines: tuple[int, ...]) -> str:
    return f"{sum(PRICES[line] for line in lines) / 100:.2f}"


def _times(name: str, at: datetime | None) -> dict[str, str | None]:
    text = at.strftime("%Y-%m-%dT%H:%M:%S") if at else None
    return {name: text, f"{name}_gmt": text}
