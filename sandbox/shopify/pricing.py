"""What a cart costs: discount codes, shipping and tax. All amounts in cents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sandbox.shopify.codes import CodeValue
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
    value: CodeValue | None

    @property
    def code(self) -> str | None:
        return self.value.code if self.value else None

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


def price_cart(
    lines: tuple[PricedLine, ...], code: str | None, state: str, made: CodeValue | None = None
) -> Cart:
    """`state`: two letters; only home-state buyers pay tax. `made`: what `code` gives, where an app made
    it. Raises UnknownCode."""
    value = made or _own_code(code)
    off = value or CodeValue("")
    full = sum(line.full for line in lines)
    # Differences of shares of the whole, so that the lines together lose the whole amount.
    amount, before, priced = min(off.amount, full), 0, []
    for line in lines:
        part = share(amount, before + line.full, full) - share(amount, before, full)
        before += line.full
        less = part + share(line.full, off.percent, 100)
        priced.append(_with_discount_and_tax(line, less, state == _TAXED_STATE))
    goods = sum(line.full - line.discount for line in priced)
    return Cart(tuple(priced), 0 if off.free_shipping else shipping_for(goods), value)


def _own_code(code: str | None) -> CodeValue | None:
    if code is None:
        return None
    if code.upper() not in DISCOUNT_PERCENT:
        raise UnknownCode(f"unknown discount code {code!r} (known: {', '.join(DISCOUNT_PERCENT)})")
    return CodeValue(code.upper(), percent=DISCOUNT_PERCENT[code.upper()])


def shipping_for(goods: int) -> int:
    return 0 if goods >= _FREE_SHIPPING_FROM else _SHIPPING


def _with_discount_and_tax(line: PricedLine, discount: int, taxed: bool) -> PricedLine:
    tax = share(line.full - discount, int(TAX_RATE * 10_000), 10_000) if taxed else 0
    return replace(line, discount=discount, tax=tax)
