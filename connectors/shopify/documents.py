"""The written operations, each a document of its own with the fragments that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_ORDER = ("order_fields", "address_fields", "line_fields", "parcel_fields", "refund_fields", "return_fields")

# Operation -> the fragments that it and they use.
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "shop": (),
    "order": _ORDER,
    "orders": _ORDER,
    "order_lines": ("line_fields",),
    "order_parts": (),
    "parcel": ("parcel_fields",),
    "refund": ("refund_fields",),
    "return": ("return_fields",),
    "customer": (),
    "product": ("product_fields",),
    "products": ("product_fields",),
    "customers": (),
    # Written out: nowhere is it said that a bulk operation takes fragments.
    "bulk_orders": (),
    "bulk_customers": (),
    "bulk_products": (),
    "bulk_run": ("bulk_fields",),
    "bulk_operation": ("bulk_fields",),
    "bulk_operations": ("bulk_fields",),
    "webhook_subscriptions": (),
    "webhook_subscription_create": (),
    "webhook_subscription_delete": (),
    "app_subscriptions": (),
    "api_versions": (),
    "access_scopes": (),
    "discount_by_code": (),
    "discount_code_basic_create": (),
    "discount_code_free_shipping_create": (),
    "customer_consent": (),
    "customer_consent_set": (),
    "product_rating": (),
    "metafield_definition_enable": (),
    "metafields_set": (),
    "metafields_delete": (),
    "order_state": ("address_fields",),
    "order_cancel": (),
    "order_update": (),
    "order_pieces": (),
    "order_edit_begin": (),
    "order_edit_set_quantity": (),
    "order_edit_add_variant": (),
    "order_edit_commit": (),
    "returnable": (),
    "returns_asked": (),
    "return_reasons": (),
    "return_request": (),
    "credit_accounts": (),
    "credit_grants": (),
    "credit_grant": (),
    "tracking": (),
    "tracking_set": (),
}
# Mutations that may happen twice: they say what shall be, not what shall be added, or find their own
# first time (a code that is taken).
REPEATABLE = frozenset(
    {
        "discount_code_basic_create",
        "discount_code_free_shipping_create",
        "customer_consent_set",
        "metafield_definition_enable",
        "metafields_set",
        "metafields_delete",
        "order_update",
        "order_edit_begin",
        "tracking_set",
    }
)


@cache
def document(operation: str) -> str:
    return "\n".join(_text(name) for name in (operation, *OPERATIONS[operation]))


def is_mutation(operation: str) -> bool:
    return document(operation).startswith("mutation")


def may_repeat(operation: str) -> bool:
    """Whether a call whose answer was lost may be made again without a look first."""
    return not is_mutation(operation) or operation in REPEATABLE


def _text(name: str) -> str:
    return files(__package__).joinpath("queries", f"{name}.graphql").read_text(encoding="utf-8")
