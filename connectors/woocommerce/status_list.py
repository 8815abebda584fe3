"""Which statuses orders of a shop may have: WooCommerce's own and those of plugins, with the names that the
shop's people read."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from connectors.base import OrderStatus, Store, StoreUnreachable
from connectors.fields import clean
from connectors.woocommerce.rest_api import read
from connectors.woocommerce.statuses import slug_of

MOST = 100
LONGEST_NAME = 80


def order_statuses(store: Store) -> tuple[OrderStatus, ...]:
    """In the shop's own order. Raises StoreError."""
    listed = read(store, "reports/orders/totals")
    if not isinstance(listed, list):
        raise StoreUnreachable("the shop answered with something else than its statuses")
    found = (_status(entry) for entry in listed[:MOST] if isinstance(entry, Mapping))
    return tuple({one.slug: one for one in found if one.slug}.values())


def _status(entry: Mapping[str, Any]) -> OrderStatus:
    slug, name = (clean(told) if isinstance(told := entry.get(key), str) else "" for key in ("slug", "name"))
    slug, total = slug_of(slug), entry.get("total")
    many = int(total) if isinstance(total, int | str) and str(total).isdecimal() else 0
    shown = " ".join(html.unescape(name).split())[:LONGEST_NAME]
    return OrderStatus(slug[:LONGEST_NAME], shown or slug, many if many < 2**53 else 0)
