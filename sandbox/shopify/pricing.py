"""What a cart costs: discount codes, shipping and tax. All amounts in cents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sandbox.shopify.money import minor, share
from sandbox.store import UnknownCode

DISCOUNT_PERCENT = {"WELCOME10": 10}
TAX_RATE = Decimal("0.0625")
TAX_TITLE = "Illinois State Tax"
_TAXED_STATE = "IL"
_SHIPPING = 590
_FREE_SHIPPING_FROM = 4500


@dataclass(frozen=True, slots=True)
class PricedLine:
    """`product` and `variant` are the catalogue's bodies; `discount` and `tax` of all pieces."""

    product: dict[str, Any]
    variant: dict[str, Any]
    grams: int
    quantity: int
    discount: int = 0
    tax: int = 0

    @property
    def unit(self) -> int:
        return minor(self.variant["price"])

    @property
    def full(self) -> int:
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Cart:
    lines: tuple[PricedLine, ...]
    shipping: int
    code: str | None

    @property
    def full(self) -> int:
        return sum(line.full for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(line.discount for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines)

    @property
    def total(self) -> int:
        return self.full - self.discount + self.shipping + self.tax


def price_cart(lines: tuple[PricedLine, ...], code: str | None, state: str) -> Cart:
    """`state`: two letters; only home-state buyers pay tax. Raises UnknownCode."""
    known = None if code is None else code.upper()
    if known is not None and known not in DISCOUNT_PERCENT:
        raise UnknownCode(f"unknown discount code {code!r} (known: {', '.join(DISCOUNT_PERCENT)})")
    percent = DISCOUNT_PERCENT[known] if known else 0
    priced = tuple(_with_discount_and_tax(line, percent, state == _TAXED_STATE) for line in lines)
    goods = sum(line.full - line.discount for line in priced)
    return Cart(priced, shipping_for(goods), known)


def shipping_for(goods: int) -> int:
    return 0 if goods >= _FREE_SHIPPING_FROM else _SHIPPING


def _with_discount_and_tax(line: PricedLine, percent: int, taxed: bool) -> PricedLine:
    discount = share(line.full, percent, 100)
    tax = share(line.full - discount, int(TAX_RATE * 10_000), 10_000) if taxed else 0
    return replace(line, discount=discount, tax=tax)
