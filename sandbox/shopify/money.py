"""Money as the platform writes it: a text with two decimals; inside this store, minor units."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def amount(minor: int) -> str:
    """1250 -> "12.50"."""
    return f"{Decimal(minor) / 100:.2f}"


def minor(text: str | float) -> int:
    """ "12.50" (or 12.5, as refunds write it) -> 1250."""
    return int((Decimal(str(text)) * 100).to_integral_value())


def money_set(value: int, currency: str) -> dict[str, Any]:
    """What shop and buyer see. This store sells in one currency, so both are the same."""
    money = {"amount": amount(value), "currency_code": currency}
    return {"shop_money": money, "presentment_money": dict(money)}


def share(total: int, part: int, whole: int) -> int:
    """`part` of `whole` of `total`, rounded half up, in minor units."""
    return (2 * total * part + whole) // (2 * whole) if whole else 0
