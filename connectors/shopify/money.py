"""Amounts of Shopify's bodies in minor units of the shop's currency."""

from __future__ import annotations

from connectors.base import Store
from connectors.fields import NO_CURRENCY, amount, currency_code
from connectors.shopify.fields import Body, child, text


def shop_amount(parent: Body, key: str, currency: str) -> int | None:
    """The shop's side of a `*_set` field; its presentment side is the buyer's currency."""
    side = _shop_side(parent, key)
    return amount(side, "amount", currency) if side else None


def shop_currency(parent: Body, key: str) -> str | None:
    """The currency of the shop's side of a `*_set` field."""
    side = _shop_side(parent, key)
    return currency_of(side, "currency_code") if side else None


def currency_of(parent: Body, key: str) -> str | None:
    """Three capital letters, or None where the field holds no currency."""
    code = currency_code(text(parent, key))
    return None if code == NO_CURRENCY else code


def store_currency(store: Store | None) -> str:
    return currency_code(store.currency if store else "")


def _shop_side(parent: Body, key: str) -> Body | None:
    pair = child(parent, key)
    return child(pair, "shop_money") if pair else None
