"""Which rights we ask a shop for, and whether it gave them."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.base import Store, StoreUnreachable
from connectors.shopify import official
from connectors.shopify.admin_api import call
from connectors.shopify.nodes import dig

# What the product needs from its first day on; the same list stands in the app's configuration file.
SCOPES = (
    "read_orders",
    "read_fulfillments",
    "read_customers",
    "read_products",
    "read_returns",
    "write_app_proxy",
)
# What a merchant gives when a feature that needs it is turned on, and never before.
OPTIONAL_SCOPES = (
    "read_all_orders",
    "write_customers",
    "write_discounts",
    "write_merchant_managed_fulfillment_orders",
    "write_products",
)


def granted_scopes(store: Store) -> tuple[str, ...]:
    """As the shop says at this moment. Raises StoreError."""
    found = dig(call(store, "access_scopes"), "currentAppInstallation.accessScopes")
    if not isinstance(found, list):
        raise StoreUnreachable("the store does not say which rights we have")
    return tuple(sorted(str(dig(one, "handle")) for one in found))


def missing_scopes(granted: str | Iterable[str], wanted: Iterable[str] = SCOPES) -> tuple[str, ...]:
    """What of `wanted` is lacking in `granted`, a comma list or names. A write scope implies its read
    scope."""
    given = granted.split(",") if isinstance(granted, str) else granted
    names = [name.strip() for name in given if name.strip()]
    return tuple(name for name in wanted if not official.covers(names, name))
