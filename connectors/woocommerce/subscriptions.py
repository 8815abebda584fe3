"""Keeping the shop's webhooks as we want them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Store
from connectors.woocommerce.rest_api import every_entry, remove, write

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
_READ = ("id", "topic", "status", "delivery_url")


def subscribe(store: Store, address: str, secret: str, *, anew: bool = False) -> tuple[str, ...]:
    """Every topic of ours goes to `address`, once and signed with `secret`.

    Hooks to our door under another token are of an earlier connection, whose owner may have lost
    the right to read, and are removed; so are those with our token that lead astray. Hooks to others stay.
    `anew`: those that are there were made with another key; they tell what its owner may read, so they are
    replaced, each once its successor is there. Returns what was done, one line each. Raises StoreError.
    """
    ours = [hook for hook in _hooks(store) if _is_ours(hook.get("delivery_url"), address)]
    done: list[str] = []
    kept: list[int] = []
    for topic in TOPICS:
        mine = [hook for hook in ours if (hook.get("topic"), hook.get("delivery_url")) == (topic, address)]
        hook = min(mine, key=lambda one: one.get("status") != "active", default=None)
        if hook is None or anew:
            write(store, "post", "webhooks", _wanted(topic, address, secret))
            done.append(f"{topic}: created" if hook is None else f"{topic}: created with the new key")
            continue
        kept.append(hook["id"])
        if hook.get("status") != "active":
            # The count of failures stays: the next one disables it again, a success clears it.
            write(store, "put", f"webhooks/{hook['id']}", {"status": "active", "secret": secret})
            done.append(f"{topic}: active again, was {hook.get('status')}")
    for hook in ours:
        if hook["id"] not in kept:
            remove(store, f"webhooks/{hook['id']}")
            done.append(f"{hook.get('topic')}: removed one that was {_wrong(hook, address)}")
    return tuple(done)


def _wanted(topic: str, address: str, secret: str) -> dict[str, str]:
    return {
        "name": f"Doorstep {topic}",
        "topic": topic,
        "delivery_url": address,
        "secret": secret,
        "status": "active",
    }


def _is_ours(found: object, address: str) -> bool:
    """By its door, which is the address without the shop's token, or by that token: nobody else knows it."""
    door, _, token = address.rpartition("/")
    there = str(found).rstrip("/")
    return there.rpartition("/")[0] == door or token in there.split("/")


def _wrong(hook: Mapping[str, Any], address: str) -> str:
    return "too many" if hook.get("delivery_url") == address else "leading elsewhere"


def _hooks(store: Store) -> list[Mapping[str, Any]]:
    listed = every_entry(store, "webhooks", {"status": "all", "_fields": _READ})
    return [hook for hook in listed if isinstance(hook, Mapping) and isinstance(hook.get("id"), int)]
