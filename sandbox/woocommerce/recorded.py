"""Recorded resources put into a shop as they are, so that whoever reads again finds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.store import Refusal
from sandbox.woocommerce.shop import Shop

_PLAIN = ("order", "customer", "product")


def put(shop: Shop, noun: str, body: Mapping[str, Any]) -> str:
    """`refunds` and `fulfillments` are lists under their own name; the order that they belong to is
    read from them, or from `order_id` beside them. Raises Refusal 400.
    """
    if noun in _PLAIN:
        return _whole(shop, noun, body)
    entries = body.get(noun)
    if noun not in ("refunds", "fulfillments") or not isinstance(entries, list):
        raise Refusal(400, f"`noun` is one of {', '.join(_PLAIN)}, refunds, fulfillments")
    order_id = str(body.get("order_id") or _order_of(noun, entries))
    with shop.documents.transaction():
        for entry in entries:
            shop.write(f"{noun.removesuffix('s')}/{order_id}", _id(entry), entry)
    return order_id


def _whole(shop: Shop, noun: str, body: Mapping[str, Any]) -> str:
    id = _id(body)
    shop.write(noun, id, dict(body))
    return id


def _id(body: Any) -> str:
    id = body.get("id") if isinstance(body, Mapping) else None
    if type(id) is not int:
        raise Refusal(400, "a resource needs a number as `id`")
    return str(id)


def _order_of(noun: str, entries: list[Any]) -> str:
    first = entries[0] if entries and isinstance(entries[0], Mapping) else {}
    if noun == "fulfillments" and first.get("entity_id"):
        return str(first["entity_id"])
    try:
        found = re.search(r"/orders/(\d+)$", first["_links"]["up"][0]["href"])
    except (KeyError, IndexError, TypeError):
        found = None
    if found is None:
        raise Refusal(400, "`order_id` is missing")
    return found.group(1)
