"""Which text is the name of a Shopify shop."""

from __future__ import annotations

import re

_SHOP = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.myshopify\.com")
_LONGEST = 80


def shop_domain(text: object) -> str | None:
    """The lower-case domain of a shop, or None for anything else.

    The whole text must match: `$` would let a line feed through. Only ASCII is lower-cased, as the
    Kelvin sign turns into a plain `k`.
    """
    if not isinstance(text, str) or len(text) > _LONGEST or not text.isascii():
        return None
    name = text.lower()
    return name if _SHOP.fullmatch(name) else None
