"""Order lines, from their REST bodies and the catalogue."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import Answer, Fields, plain
from sandbox.shopify.admin_api.fields.money import bag
from sandbox.shopify.admin_api.sources import LineOf
from sandbox.shopify.bodies.refunds import refunded_pieces
from sandbox.shopify.money import minor
from sandbox.shopify.shop import number_of


def part(name: str) -> Answer:
    """A value of the part's own body."""
    return lambda source, asking, arguments: source.body[name]


def _product(line: LineOf, asking: Any, arguments: Any) -> dict[str, Any] | None:
    """None where it has been deleted since."""
    id = line.body["product_id"]
    product: dict[str, Any] | None = None if id is None else asking.shop.read("product", id)
    return product


def _variant(line: LineOf, asking: Any, arguments: Any) -> dict[str, Any] | None:
    product = _product(line, asking, arguments)
    for variant in product["variants"] if product else ():
        if variant["id"] == line.body["variant_id"]:
            return {**variant, "product": product}
    return None


def _image(line: LineOf, asking: Any, arguments: Any) -> dict[str, Any] | None:
    product = _product(line, asking, arguments)
    return product["image"] if product else None


def _full_price(line: LineOf) -> int:
    return minor(line.body["price"]) * int(line.body["quantity"])


def _discounted(line: LineOf, asking: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Discounts of the line itself; those by code only on demand, as the schema says."""
    less = minor(line.body["total_discount"])
    if arguments.get("withCodeDiscounts"):
        less += sum(minor(one["amount"]) for one in line.body["discount_allocations"])
    return bag(_full_price(line) - less, line.order["currency"])


def _refundable(line: LineOf, asking: Any, arguments: Any) -> int:
    return int(line.body["quantity"]) - refunded_pieces(line.order).get(str(line.body["id"]), 0)


FIELDS: dict[str, Fields] = {
    "LineItem": {
        "id": lambda line, asking, arguments: f"gid://shopify/LineItem/{number_of(line.body)}",
        "title": part("title"),
        "name": part("name"),
        "quantity": part("quantity"),
        "currentQuantity": part("current_quantity"),
        "unfulfilledQuantity": part("fulfillable_quantity"),
        "refundableQuantity": _refundable,
        "variantTitle": part("variant_title"),
        "sku": part("sku"),
        "vendor": part("vendor"),
        "requiresShipping": part("requires_shipping"),
        "isGiftCard": part("gift_card"),
        "taxable": part("taxable"),
        "taxLines": part("tax_lines"),
        "originalUnitPriceSet": part("price_set"),
        "originalTotalSet": lambda line, asking, arguments: bag(_full_price(line), line.order["currency"]),
        "discountedTotalSet": _discounted,
        "totalDiscountSet": part("total_discount_set"),
        "discountAllocations": part("discount_allocations"),
        "customAttributes": part("properties"),
        "product": _product,
        "variant": _variant,
        "image": _image,
    },
    "DiscountAllocation": {"allocatedAmountSet": plain("amount_set")},
}
