"""Money of a shop whose prices include the tax: texts with two decimals outside, minor units inside."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

RATE_ID = 1
RATE_CODE = "DE-MWST-1"
LABEL = "MwSt."
PERCENT = 19


def split(gross: int) -> tuple[int, int]:
    """(net, tax) of a price with tax in it."""
    net = int((Decimal(gross) * 100 / (100 + PERCENT)).quantize(Decimal(1), ROUND_HALF_UP))
    return net, gross - net


def text(minor: int) -> str:
    """4118 -> "41.18"."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def minor(amount: str | float | None) -> int:
    """ "41.18" -> 4118; nothing -> 0. Raises ValueError."""
    try:
        return int((Decimal(str(amount or 0)) * 100).to_integral_value(ROUND_HALF_UP))
    except ArithmeticError as error:
        raise ValueError(f"{amount!r} is no amount") from error


def taxes(total: int, subtotal: int) -> list[dict[str, object]]:
    """The tax entry of one line; `total` and `subtotal` are tax in minor units."""
    return [{"id": RATE_ID, "total": text(total), "subtotal": text(subtotal)}]
