"""The written operations, each a document of its own with the fragments that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_ORDER = ("order_fields", "address_fields", "line_fields", "parcel_fields", "refund_fields")

# Operation -> the fragments that it and they use.
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "shop": (),
    "order": _ORDER,
    "orders": _ORDER,
    "order_lines": ("line_fields",),
    "order_parts": (),
    "parcel": ("parcel_fields",),
    "refund": ("refund_fields",),
    "customer": (),
    "product": ("product_fields",),
    "products": ("product_fields",),
    "webhook_subscriptions": (),
    "webhook_subscription_create": (),
    "webhook_subscription_delete": (),
}


@cache
def document(operation: str) -> str:
    return "\n".join(_text(name) for name in (operation, *OPERATIONS[operation]))


def is_mutation(operation: str) -> bool:
    return document(operation).startswith("mutation")


def _text(name: str) -> str:
    return files(__package__).joinpath("queries", f"{name}.graphql").read_text(encoding="utf-8")
