"""Amounts as people of a locale write them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import NumberPattern, format_currency, parse_pattern

from flows.currencies import decimals

_CODE = re.compile("[A-Z]{3}")
_CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")
_NARROW = str.maketrans({"￥": "¥", "￦": "₩"})  # a full-width sign stands away from its figure
_WITHOUT_CENTS = frozenset(("TWD",))  # ISO 4217 counts two places; no price in Taiwan has them


def money(minor: int, currency: str, locale: Locale) -> str:
    """`minor` units with the currency's sign: "$38.00", "38,00 €", with a true minus. Breaks nowhere."""
    places = _places(currency)
    digits = str(abs(minor)).zfill(places + 1)
    even = places > 0 and minor % 10**places == 0
    return _form(currency, locale, len(digits), minor < 0, even).format(*digits)


@lru_cache(maxsize=8192)
def _form(currency: str, locale: Locale, digits: int, negative: bool, even: bool) -> str:
    """Where each digit of such an amount stands: its own digits do not change how it is written. `even`: it
    has no cents."""
    ones = int("1" * digits)
    sample = ones - ones % 10 ** _places(currency) if even else ones
    written = _written(-sample if negative else sample, currency, locale)
    shown = written.replace("{", "{{").replace("}", "}}")
    return shown.replace("1", "{}").replace("0", "{}")


@lru_cache(maxsize=512)
def _places(currency: str) -> int:
    return decimals(_code(currency))


def _code(currency: str) -> str:
    return currency.upper() if _CODE.fullmatch(currency.upper()) else ""


def _written(minor: int, currency: str, locale: Locale) -> str:
    code, places = _code(currency), _places(currency)
    amount = Decimal(minor).scaleb(-places)
    shown = 0 if code in _WITHOUT_CENTS and amount == int(amount) else places
    written = format_currency(
        amount, code, format=_pattern(str(locale), shown), locale=locale, currency_digits=False
    ).translate(_NARROW)
    if code == "TWD" and "NT$" not in written:
        written = written.replace("$", "NT$")  # as it is written in Taiwan beside US$ and HK$
    spaced = _CODE_BEFORE_DIGIT.sub("\u00a0", written.strip(" \u00a0"))
    return spaced.replace("-", "\u2212").replace(" ", "\u00a0")


@lru_cache(maxsize=256)
def _pattern(locale: str, places: int) -> NumberPattern:
    own = parse_pattern(Locale.parse(locale).currency_formats["standard"].pattern)
    own.frac_prec = (places, places)
    return own
