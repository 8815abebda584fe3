"""Our ids, which are the numbers of webhook bodies, as the global ids that the Admin API takes."""

from __future__ import annotations

from typing import Any

from connectors.base import NotThere


def gid(kind: str, number: str) -> str:
    """Raises NotThere for what cannot be an id of Shopify."""
    if not (number.isascii() and number.isdecimal()):
        raise NotThere(f"not an id of Shopify: {number[:40]!r}")
    return f"gid://shopify/{kind}/{number}"


def number_of(id: Any) -> str:
    """An empty text where it is none."""
    return id.rpartition("/")[2].partition("?")[0] if isinstance(id, str) else ""
