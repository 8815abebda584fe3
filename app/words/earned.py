"""What mails earned, as a merchant reads it: an amount, its orders, and how it is known."""

from __future__ import annotations

from collections.abc import Mapping

from flows.currencies import decimals

HOW: Mapping[str, str] = {
    "coupon": "by a code from the mail",
    "click": "by a click up to 5 days before",
}


def earned_in_words(rule: str, currency: str, amount: int, orders: int) -> str:
    return f"{money(amount, currency)} from {orders:,} {'order' if orders == 1 else 'orders'}, {HOW[rule]}"


def money(amount: int, currency: str) -> str:
    places = decimals(currency)
    whole, part = divmod(amount, 10**places)
    return f"{whole:,}{f'.{part:0{places}d}' if places else ''} {currency}"
