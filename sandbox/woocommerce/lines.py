"""The lines of an order: what was bought, what it cost without tax, and the tax beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.store import Refusal
from sandbox.woocommerce import products, tax
from sandbox.woocommerce.catalogue import Coupon
from sandbox.woocommerce.shop import Shop


@dataclass(frozen=True, slots=True)
class Sums:
    """Minor units. Every pair is (net, tax)."""

    goods: tuple[int, int]
    discount: tuple[int, int]

    @property
    def gross(self) -> int:
        return sum(self.goods)


def line_items(
    shop: Shop, wanted: Sequence[tuple[str, int]], coupon: Coupon | None
) -> tuple[list[dict[str, Any]], Sums]:
    """Raises Refusal 400 for an unknown sku or a quantity below 1."""
    if not wanted:
        raise Refusal(400, "an order needs at least one line")
    lines = [_line(shop, sku, quantity, coupon) for sku, quantity in wanted]
    goods = _sum(lines, "total"), _sum(lines, "total_tax")
    before = _sum(lines, "subtotal"), _sum(lines, "subtotal_tax")
    return lines, Sums(goods, (before[0] - goods[0], before[1] - goods[1]))


def shipping_line(shop: Shop, gross: int) -> dict[str, Any]:
    net, of_tax = tax.split(gross)
    return {
        "id": shop.number("line"), "method_title": "Parcel" if gross else "Free shipping",
        "method_id": "flat_rate" if gross else "free_shipping", "instance_id": "1",
        "total": tax.text(net), "total_tax": tax.text(of_tax), "taxes": tax.taxes(of_tax, of_tax),
        "tax_status": "taxable", "meta_data": [],
    }  # fmt: skip


def tax_line(shop: Shop, goods: int, shipping: int) -> dict[str, Any]:
    return {
        "id": shop.number("line"), "rate_code": tax.RATE_CODE, "rate_id": tax.RATE_ID, "label": tax.LABEL,
        "compound": False, "tax_total": tax.text(goods), "shipping_tax_total": tax.text(shipping),
        "rate_percent": tax.PERCENT, "meta_data": [],
    }  # fmt: skip


def coupon_line(shop: Shop, coupon: Coupon, discount: tuple[int, int]) -> dict[str, Any]:
    info = f'[{coupon.id},"{coupon.code}","percent",{coupon.percent}]'
    meta = {"id": shop.number("meta"), "key": "coupon_info", "value": info}
    return {
        "id": shop.number("line"), "code": coupon.code, "discount": tax.text(discount[0]),
        "discount_tax": tax.text(discount[1]),
        "meta_data": [meta | {"display_key": "coupon_info", "display_value": info}],
        "discount_type": "percent", "nominal_amount": coupon.percent, "free_shipping": False,
    }  # fmt: skip


def _line(shop: Shop, sku: str, quantity: int, coupon: Coupon | None) -> dict[str, Any]:
    product = products.by_sku(shop, sku)
    if product is None:
        raise Refusal(400, f"nothing is sold under the sku {sku!r}")
    if quantity < 1:
        raise Refusal(400, "a line needs at least one piece")
    before = tax.minor(product["price"]) * quantity
    gross = before - (before * coupon.percent + 50) // 100 if coupon else before
    (subtotal, subtotal_tax), (total, total_tax) = tax.split(before), tax.split(gross)
    parent = shop.read("product", product["parent_id"]) if product["parent_id"] else None
    picture = product["images"][0] if product["images"] else None
    return {
        "id": shop.number("line"), "name": product["name"], "product_id": (parent or product)["id"],
        "variation_id": product["id"] if parent else 0, "quantity": quantity, "tax_class": "",
        "subtotal": tax.text(subtotal), "subtotal_tax": tax.text(subtotal_tax),
        "total": tax.text(total), "total_tax": tax.text(total_tax),
        "taxes": tax.taxes(total_tax, subtotal_tax), "meta_data": _choices(shop, product),
        "sku": sku, "global_unique_id": "", "price": total / 100 / quantity,
        "image": {"id": str(picture["id"]), "src": picture["src"]} if picture else {"id": "", "src": ""},
        "parent_name": parent["name"] if parent else None,
    }  # fmt: skip


def _choices(shop: Shop, product: dict[str, Any]) -> list[dict[str, Any]]:
    if product["type"] != "variation":
        return []
    return [
        {
            "id": shop.number("meta"), "key": choice["slug"], "value": choice["option"],
            "display_key": choice["name"], "display_value": choice["option"],
        }
        for choice in product["attributes"]
    ]  # fmt: skip


def _sum(lines: Sequence[dict[str, Any]], name: str) -> int:
    return sum(tax.minor(line[name]) for line in lines)
