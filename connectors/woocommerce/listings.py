"""What changed in the shop, page by page, and which orders are still there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Noun, Page, Reading, Store, StoreUnreachable
from connectors.fields import read_instant
from connectors.woocommerce.fetch import whole_order
from connectors.woocommerce.joined import joined
from connectors.woocommerce.pace import smaller
from connectors.woocommerce.rest_api import TooMuch, list_page
from connectors.woocommerce.trimmed import ORDER

PER_PAGE = 100

_SECOND = timedelta(seconds=1)


def changed_since(store: Store, since: datetime, cursor: str | None) -> Page:
    """Orders changed at or after `since`, oldest change first, with all that belongs to them.

    The cursor is the instant to go on from, a page and its size. Pages alone would skip an order each time
    that one on an earlier page changes meanwhile and moves to the end. The trash is not listed.
    """
    after, page, size = _resume(cursor) if cursor else (since - _SECOND, 1, PER_PAGE)
    asked = {
        "modified_after": after.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "status": "any",
        "per_page": str(size),
        "page": str(page),
        "_fields": ORDER,
    }
    try:
        listed = list_page(store, "orders", asked)
    except TooMuch as error:
        less = smaller(size)
        # From the first page again: pages of another size are others.
        raise TooMuch(str(error), _cursor(after, 1, less) if less else None) from None
    reading = joined(listed.items, Noun.ORDER, lambda item: whole_order(store, item))
    # By the number of pages, or by a full page where a proxy drops the header that tells it.
    more = len(listed.items) >= size if listed.pages is None else page < listed.pages
    return Page(reading, _next_change(after, page, size, listed.items) if more and listed.items else None)


def standing(store: Store, order_ids: Collection[str]) -> set[str]:
    """Those of these orders that the shop lists: the trash is not among them."""
    known = [number for number in order_ids if number.isascii() and number.isdecimal()]
    asked = {"include": known, "status": "any", "per_page": "100", "page": "1", "_fields": ("id", "status")}
    listed = list_page(store, "orders", asked) if known else None
    found = {str(item.get("id")) for item in listed.items if isinstance(item, Mapping)} if listed else set()
    if found - set(known):
        raise StoreUnreachable("the shop lists other orders than those asked for")
    return found


def named_orders(store: Store, order_ids: Collection[str]) -> tuple[Reading, set[str]]:
    """These orders with all that belongs to them, at most 100, and which of them the shop lists."""
    asked = {"include": list(order_ids), "status": "any", "per_page": "100", "page": "1", "_fields": ORDER}
    listed = list_page(store, "orders", asked)
    found = {str(item.get("id")) for item in listed.items if isinstance(item, Mapping)}
    if found - set(order_ids):
        raise StoreUnreachable("the shop lists other orders than those asked for")
    return joined(listed.items, Noun.ORDER, lambda item: whole_order(store, item)), found


def _next_change(after: datetime, page: int, size: int, items: list[Any]) -> str:
    changes = [read_instant(item.get("date_modified_gmt")) for item in items if isinstance(item, Mapping)]
    # Times are whole seconds and the bound is exclusive, so the last second is read once more.
    latest = max((change for change in changes if change), default=after) - _SECOND
    return _cursor(latest, 1, size) if latest > after else _cursor(after, page + 1, size)


def _cursor(after: datetime, page: int, size: int) -> str:
    return f"{after.isoformat()} {page} {size}"


def _resume(cursor: str) -> tuple[datetime, int, int]:
    """Without a size: of a listing that an earlier version began."""
    after, page, *size = cursor.split(" ")
    return datetime.fromisoformat(after), int(page), int(size[0]) if size else PER_PAGE
