"""Discount codes that were made by the Admin API, as the checkout takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.shopify.money import minor
from sandbox.shopify.shop import Shop


@dataclass(frozen=True, slots=True)
class CodeValue:
    """What a code takes off: `percent` of the goods or `amount` cents of them, or the shipping."""

    code: str
    percent: int = 0
    amount: int = 0
    free_shipping: bool = False


def find_code(shop: Shop, code: str) -> dict[str, Any] | None:
    """Letters count alike, large and small."""
    return shop.read("discount", code.lower())


def usable(
    shop: Shop, code: str, email: str, customer_gid: str, goods: int, now: datetime
) -> CodeValue | None:
    """None: unknown, not valid now, used up, or not for this buyer and cart."""
    found = find_code(shop, code)
    if found is None or not _runs(found, now):
        return None
    if found["usage_limit"] is not None and len(found["used_by"]) >= found["usage_limit"]:
        return None
    if found["once"] and email.lower() in found["used_by"]:
        return None
    if found["customers"] and customer_gid not in found["customers"]:
        return None
    if found["minimum"] is not None and goods < minor(found["minimum"]):
        return None
    if found["kind"] == "DiscountCodeFreeShipping":
        return CodeValue(found["code"], free_shipping=True)
    if found["amount"] is not None:
        return CodeValue(found["code"], amount=minor(found["amount"]))
    return CodeValue(found["code"], percent=int(Decimal(str(found["percent"])) * 100))


def use(shop: Shop, code: str, email: str) -> None:
    found = find_code(shop, code)
    if found is not None:
        shop.write("discount", found | {"used_by": [*found["used_by"], email.lower()]}, code.lower())


def _runs(found: dict[str, Any], now: datetime) -> bool:
    ends = found["ends_at"]
    return datetime.fromisoformat(found["starts_at"]) <= now and (
        ends is None or now < datetime.fromisoformat(ends)
    )
