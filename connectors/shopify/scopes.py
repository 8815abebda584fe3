"""Which rights we ask a shop for, and whether it gave them."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.shopify import official

SCOPES = ("read_orders", "read_fulfillments", "read_customers", "read_products")


def missing_scopes(granted: str, wanted: Iterable[str] = SCOPES) -> tuple[str, ...]:
    """What of `wanted` the comma list `granted` lacks. A write scope implies its read scope."""
    names = [name.strip() for name in granted.split(",") if name.strip()]
    return tuple(name for name in wanted if not official.covers(names, name))
