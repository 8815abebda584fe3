"""Order lines, as they stand on an order and inside a fulfillment or a refund."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.money import amount, money_set
from sandbox.shopify.pricing import TAX_RATE, TAX_TITLE, PricedLine
from sandbox.shopify.shop import Shop

_ONLY_ON_THE_ORDER = ("attributed_staffs", "current_quantity", "sales_line_item_group_id")


def new_line(shop: Shop, line: PricedLine) -> dict[str, Any]:
    id = shop.new_id("line")
    currency = shop.currency()
    plain = line.variant["title"] == "Default Title"
    option = None if plain else line.variant["title"]
    title = line.product["title"]
    return {
        "id": id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{id}",
        "attributed_staffs": [],
        "current_quantity": line.quantity,
        "fulfillable_quantity": line.quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "grams": line.grams,
        "name": title if plain else f"{title} - {option}",
        "price": amount(line.unit),
        "price_set": money_set(line.unit, currency),
        "product_exists": True,
        "product_id": line.product["id"],
        "properties": [],
        "quantity": line.quantity,
        "requires_shipping": True,
        "sales_line_item_group_id": None,
        "sku": line.variant["sku"],
        "taxable": True,
        "title": title,
        # A code that covers the whole cart is allocated below; this figure is for line discounts.
        "total_discount": amount(0),
        "total_discount_set": money_set(0, currency),
        "variant_id": line.variant["id"],
        "variant_inventory_management": "shopify",
        "variant_title": option,
        "vendor": line.product["vendor"],
        "tax_lines": [tax_line(line.tax, currency)] if line.tax else [],
        "duties": [],
        "discount_allocations": [_allocation(line.discount, currency)] if line.discount else [],
    }


def tax_line(tax: int, currency: str) -> dict[str, Any]:
    return {
        "channel_liable": False,
        "price": amount(tax),
        "price_set": money_set(tax, currency),
        "rate": float(TAX_RATE),
        "title": TAX_TITLE,
    }


def line_inside(line: dict[str, Any], quantity: int) -> dict[str, Any]:
    """The line as a fulfillment or refund repeats it; `quantity` is what that one covers."""
    kept = {key: value for key, value in line.items() if key not in _ONLY_ON_THE_ORDER}
    return kept | {"quantity": quantity}


def _allocation(discount: int, currency: str) -> dict[str, Any]:
    return {
        "amount": amount(discount),
        "discount_application_index": 0,
        "amount_set": money_set(discount, currency),
    }
