"""Money, counts and other small values that many types share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.shopify.admin_api.asking import Answer, Fields, plain
from sandbox.shopify.money import amount


def money(value: int, currency: str) -> dict[str, str]:
    """Minor units as the source of a MoneyV2."""
    return {"amount": amount(value), "currency_code": currency}


def bag(value: int, currency: str) -> dict[str, Any]:
    """Minor units as the source of a MoneyBag."""
    return {"shop_money": money(value, currency), "presentment_money": money(value, currency)}


def price(name: str) -> Answer:
    """A Money scalar from a REST text; null stays null."""
    return lambda source, asking, arguments: None if source[name] is None else Decimal(source[name])


FIELDS: dict[str, Fields] = {
    "MoneyBag": {"shopMoney": plain("shop_money"), "presentmentMoney": plain("presentment_money")},
    "MoneyV2": {
        "amount": lambda source, asking, arguments: Decimal(source["amount"]),
        "currencyCode": plain("currency_code"),
    },
    "Count": {
        "count": lambda source, asking, arguments: source,
        "precision": lambda source, asking, arguments: "EXACT",
    },
    "TaxLine": {
        "channelLiable": plain("channel_liable"),
        "priceSet": plain("price_set"),
        "rate": plain("rate"),
        "ratePercentage": lambda source, asking, arguments: source["rate"] * 100,
        "title": plain("title"),
    },
    "Attribute": {"key": plain("name"), "value": plain("value")},
    "UserError": {"field": plain("field"), "message": plain("message")},
}
