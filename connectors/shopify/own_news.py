"""What Shopify tells us about our own app in a shop: rights, plan, listings that it prepared."""

from __future__ import annotations

from connectors.base import Malformed, Reading, Store
from connectors.news import PlanNews
from connectors.shopify.fields import Body, child, text, texts
from connectors.shopify.profiles import check_shop


def scopes_reading(item: Body, store: Store | None) -> Reading:
    """Raises Malformed where the list is missing: no list and an empty one are not the same."""
    if item.data.get("current") is None:
        raise Malformed(f"{item.where('current')}: missing")
    return Reading(granted=texts(item, "current"))


def plan_reading(item: Body, store: Store | None) -> Reading:
    """A hint only: what the shop pays for is asked of Shopify before it counts."""
    told = child(item, "app_subscription")
    if told is None:
        raise Malformed(f"{item.where('app_subscription')}: missing")
    check_shop(told, store)
    plan, status = text(told, "plan_handle"), text(told, "status").lower()
    return Reading(plan=PlanNews(plan, status, text(told, "admin_graphql_api_id")))


def bulk_reading(item: Body, store: Store | None) -> Reading:
    """Ready or failed: whoever waits for it looks."""
    number = text(item, "admin_graphql_api_id")
    if not number:
        raise Malformed(f"{item.where('admin_graphql_api_id')}: missing")
    return Reading(bulk_done=number)
