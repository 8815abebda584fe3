"""Money as stores write it."""

from __future__ import annotations

from decimal import Decimal

from flows.currencies import decimals


def decimal_text(value: int, currency: str) -> str:
    """Minor units as a decimal number: 1230 of EUR -> "12.30", of JPY -> "1230"."""
    return f"{Decimal(value).scaleb(-decimals(currency)):f}"
