"""What a shop pays the app for: the plans as the dashboard has them, and the subscription that holds.

One subscription is active at a time; another one that is approved takes its place, and an uninstallation
ends it. A subscription that is declined never held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.shopify.shop import Shop

ACTIVE, CANCELLED, DECLINED, FROZEN = "ACTIVE", "CANCELLED", "DECLINED", "FROZEN"
_FIRST_ID, _STEP = 27_043_500_000, 4_099


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan as it was set up in the dashboard. `price` in US dollars a month."""

    handle: str
    name: str
    price: str
    features: tuple[str, ...]


OFFERS = (
    Offer("free", "Free", "0.00", ("50 orders a month",)),
    Offer("starter", "Starter", "15.00", ("500 orders a month",)),
    Offer("growth", "Growth", "39.00", ("2,500 orders a month",)),
    Offer("unlimited", "Unlimited", "99.00", ("Any number of orders",)),
)
BY_HANDLE = {offer.handle: offer for offer in OFFERS}


def active(shop: Shop) -> list[dict[str, Any]]:
    return [one for one in shop.all("app_subscription") if one["status"] == ACTIVE]


def approve(shop: Shop, offer: Offer) -> list[dict[str, Any]]:
    """The subscriptions that changed, in the order in which they are announced."""
    before = [_set(shop, one, CANCELLED) for one in _alive(shop)]
    return [*before, _new(shop, offer, ACTIVE)]


def decline(shop: Shop, offer: Offer) -> list[dict[str, Any]]:
    """The one that holds goes on."""
    return [_new(shop, offer, DECLINED)]


def set_status(shop: Shop, status: str) -> list[dict[str, Any]]:
    """What the platform does by itself: an unpaid bill freezes, a payment thaws, a merchant cancels."""
    return [_set(shop, one, status) for one in _alive(shop)]


def message(shop: Shop, subscription: dict[str, Any]) -> dict[str, Any]:
    """As the topic carries it."""
    named = ("admin_graphql_api_id", "name", "status", "created_at", "updated_at", "price", "plan_handle")
    body = {name: subscription[name] for name in named}
    return {
        "app_subscription": body
        | {
            "admin_graphql_api_shop_id": f"gid://shopify/Shop/{shop.profile()['id']}",
            "currency": "USD",
            "capped_amount": "0.0",
            "interval": "every_30_days",
        }
    }


def _alive(shop: Shop) -> list[dict[str, Any]]:
    return [one for one in shop.all("app_subscription") if one["status"] in (ACTIVE, FROZEN)]


def _new(shop: Shop, offer: Offer, status: str) -> dict[str, Any]:
    number = _FIRST_ID + _STEP * shop.documents.next_number("id/app_subscription")
    now = shop.now_text()
    made = {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/AppSubscription/{number}",
        "name": offer.name,
        "status": status,
        "price": offer.price,
        "plan_handle": offer.handle,
        "created_at": now,
        "updated_at": now,
    }
    shop.write("app_subscription", made)
    return made


def _set(shop: Shop, subscription: dict[str, Any], status: str) -> dict[str, Any]:
    changed = subscription | {"status": status, "updated_at": shop.now_text()}
    shop.write("app_subscription", changed)
    return changed
