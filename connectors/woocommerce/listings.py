"""Orders by their numbers: which of them are still there, and what they tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from connectors.base import Noun, Reading, Store, StoreUnreachable
from connectors.woocommerce.joined import joined
from connectors.woocommerce.orders import order_reading
from connectors.woocommerce.rest_api import list_page
from connectors.woocommerce.trimmed import ORDER
from connectors.woocommerce.writes.looking import anew


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
    """What these orders, at most 100, tell of themselves, with wishes for the rest, and which of them the
    shop lists."""
    asked = {"include": list(order_ids), "status": "any", "per_page": "100", "page": "1", "_fields": ORDER}
    listed = list_page(store, "orders", {**asked, **anew()})
    found = {str(item.get("id")) for item in listed.items if isinstance(item, Mapping)}
    if found - set(order_ids):
        raise StoreUnreachable("the shop lists other orders than those asked for")
    return joined(listed.items, Noun.ORDER, lambda item: order_reading(item, store.words)), found
