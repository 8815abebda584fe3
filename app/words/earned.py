"""What mails earned, as a merchant reads it: an amount, its orders, and how it is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def totals(found: Iterable[tuple[str, int]]) -> str:
    """Amounts of several currencies are never added up: "10.00 EUR and 5.00 USD"."""
    sums: dict[str, int] = {}
    for currency, amount in found:
        sums[currency] = sums.get(currency, 0) + amount
    parts = [money(amount, currency) for currency, amount in sorted(sums.items(), key=lambda one: -one[1])]
    return " and ".join(parts)
