"""What a shop pays for: Shopify hosts the page where plans are chosen, and says which one holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from connectors.base import Store
from connectors.news import Subscription
from connectors.shopify.admin_api import call
from connectors.shopify.nodes import dig, listed

ACTIVE = "ACTIVE"


def active_subscription(store: Store) -> Subscription | None:
    """The subscription that holds now; the API lists those of this app in this shop only. Raises
    StoreError."""
    found = call(store, "app_subscriptions")
    for node in listed(found, "currentAppInstallation.activeSubscriptions"):
        if dig(node, "status") == ACTIVE:
            return Subscription(next(_handles(node), ""), ACTIVE, str(dig(node, "id") or ""))
    return None


def plans_page(domain: str, app_handle: str) -> str:
    """Shopify's own page of our plans. It takes the whole window."""
    store = quote(domain.removesuffix(".myshopify.com"), safe="")
    return f"https://admin.shopify.com/store/{store}/charges/{quote(app_handle, safe='')}/pricing_plans"


def _handles(subscription: Mapping[str, Any]) -> Iterator[str]:
    """A line of use, not of a plan, has no handle."""
    for line in listed(subscription, "lineItems"):
        handle = dig(line, "plan.pricingDetails.planHandle")
        if isinstance(handle, str) and handle:
            yield handle
