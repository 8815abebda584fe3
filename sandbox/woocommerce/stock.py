"""Stock follows orders: every sale and every return changes its product, and that is told too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.woocommerce.announcements import announce
from sandbox.woocommerce.shop import Shop

_KEY = "_reduced_stock"


def take(shop: Shop, order: dict[str, Any], now: datetime) -> None:
    """Takes the pieces of an order out of stock and marks its lines with how many."""
    for line in order["line_items"]:
        product = _managed(shop, line)
        if product is None:
            continue
        _move(shop, product, -line["quantity"], now)
        taken = str(line["quantity"])
        mark = {"id": shop.number("meta"), "key": _KEY, "value": taken}
        line["meta_data"].append(mark | {"display_key": _KEY, "display_value": taken})


def give_back(shop: Shop, order: dict[str, Any], now: datetime) -> None:
    """Puts back what an order's lines still hold."""
    for line in order["line_items"]:
        held = next((entry for entry in line["meta_data"] if entry["key"] == _KEY), None)
        if held is None:
            continue
        line["meta_data"].remove(held)
        product = _managed(shop, line)
        if product is not None:
            _move(shop, product, int(held["value"]), now)


def _managed(shop: Shop, line: dict[str, Any]) -> dict[str, Any] | None:
    product = shop.read("product", line["variation_id"] or line["product_id"])
    return product if product is not None and product["manage_stock"] else None


def _move(shop: Shop, product: dict[str, Any], pieces: int, now: datetime) -> None:
    product["stock_quantity"] = (product["stock_quantity"] or 0) + pieces
    sold = type(product["total_sales"])
    product["total_sales"] = sold(max(0, int(product["total_sales"]) - pieces))
    product |= shop.stamps("date_modified", now)
    shop.write("product", product["id"], product)
    announce(shop, "product.updated", product["id"])
