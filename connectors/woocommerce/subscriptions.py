"""Keeping the shop's webhooks as we want them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Store
from connectors.woocommerce.rest_api import read_list, remove, write

TOPICS = (
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "customer.created",
    "customer.updated",
    "product.created",
    "product.updated",
    "product.deleted",
)


def subscribe(store: Store, address: str, secret: str) -> tuple[str, ...]:
    """Every topic of ours goes to `address`, once and signed with `secret`.

    Hooks to our door under another token are of an earlier connection, whose owner may have lost
    the right to read, and are removed. Hooks to others stay. Returns what was done, one line each.
    Raises StoreError.
    """
    ours = [hook for hook in _hooks(store) if _door(hook.get("delivery_url")) == _door(address)]
    done: list[str] = []
    kept: list[int] = []
    for topic in TOPICS:
        mine = [hook for hook in ours if (hook.get("topic"), hook.get("delivery_url")) == (topic, address)]
        hook = min(mine, key=lambda one: one.get("status") != "active", default=None)
        if hook is None:
            write(store, "post", "webhooks", _wanted(topic, address, secret))
            done.append(f"{topic}: created")
            continue
        kept.append(hook["id"])
        if hook.get("status") != "active":
            # The count of failures stays: the next one disables it again, a success clears it.
            write(store, "put", f"webhooks/{hook['id']}", {"status": "active", "secret": secret})
            done.append(f"{topic}: active again, was {hook.get('status')}")
    for hook in ours:
        if hook["id"] not in kept:
            remove(store, f"webhooks/{hook['id']}")
            done.append(f"{hook.get('topic')}: removed a double or one of an earlier connection")
    return tuple(done)


def _wanted(topic: str, address: str, secret: str) -> dict[str, str]:
    return {
        "name": f"Doorstep {topic}",
        "topic": topic,
        "delivery_url": address,
        "secret": secret,
        "status": "active",
    }


def _door(address: object) -> str:
    """An address without the shop's token, which is its last part."""
    return str(address).rpartition("/")[0]


def _hooks(store: Store) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    page, pages = 1, 1
    while page <= pages:
        items, told = read_list(store, "webhooks", {"status": "all", "per_page": "100", "page": str(page)})
        found += [item for item in items if isinstance(item, Mapping) and isinstance(item.get("id"), int)]
        page, pages = page + 1, told or 1
    return found
