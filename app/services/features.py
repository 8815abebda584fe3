"""What a merchant may turn on that writes into the store or reads more of it, each with its own rights.

Everything is off at first: the rights of a feature are asked for when it is wanted, and never before. What
a feature owes the store meanwhile waits until they are given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import text

from app.db import Session
from connectors.writes import CreateDiscount, PointTracking, PostReview, SetConsent, SetRating
from flows.commerce import Platform


@dataclass(frozen=True, slots=True)
class Feature:
    """`scopes`: the rights that it needs besides those that the app has from its first day, none where a
    platform gives all at once; `permission`: what they allow. `writes`: the kind of write that it owes the
    store, empty for none. `platforms`: where it works."""

    key: str
    title: str
    words: str
    scopes: tuple[str, ...]
    permission: str
    writes: str = ""
    platforms: tuple[Platform, ...] = (Platform.SHOPIFY,)


THEME_STARS = Feature(
    "theme_stars",
    "Stars in your theme",
    "The average and the number of published reviews are written to each product, in the fields that themes,"
    " search engines and shopping feeds read.",
    ("write_products",),
    "change products",
    SetRating.kind,
)
CONSENT_SYNC = Feature(
    "consent_sync",
    "Who left your offers leaves them everywhere",
    "When a customer leaves offers through a mail of ours, or comes back, their marketing consent in your"
    " shop follows.",
    ("write_customers",),
    "change customers",
    SetConsent.kind,
)
TRACKING_LINKS = Feature(
    "tracking_links",
    "Our tracking page in your shipping mails",
    "Parcels of carriers that your shop cannot follow get a link to your tracking page instead of none. Your"
    " shop mails nobody because of it.",
    ("write_merchant_managed_fulfillment_orders",),
    "change tracking links",
    PointTracking.kind,
)
FULL_HISTORY = Feature(
    "full_history",
    "Orders older than 60 days",
    "All past orders are read once, so that regular customers are known as such. Nobody gets a mail for an"
    " old order.",
    ("read_all_orders",),
    "read all orders",
)
OWN_REVIEWS = Feature(
    "own_reviews",
    "Published reviews in your shop's own review list",
    "Every review that you publish, whatever its stars, also appears below its product in WooCommerce, which"
    " keeps its writer's address with it. One that you take down here leaves that list too.",
    (),
    "",
    PostReview.kind,
    (Platform.WOOCOMMERCE,),
)
COUPONS = Feature(
    "coupons",
    "Codes in your mails",
    "Mails that give something carry a code of their own, made in your shop right before they leave: good"
    " once, and for a while. Without it such mails do not leave.",
    ("write_discounts",),
    "make discount codes",
    CreateDiscount.kind,
    (Platform.SHOPIFY, Platform.WOOCOMMERCE),
)
FEATURES = (THEME_STARS, CONSENT_SYNC, TRACKING_LINKS, FULL_HISTORY, OWN_REVIEWS, COUPONS)
BY_KEY: Mapping[str, Feature] = {feature.key: feature for feature in FEATURES}


def features_of(platform: Platform) -> tuple[Feature, ...]:
    return tuple(feature for feature in FEATURES if platform in feature.platforms)


def enabled(session: Session, shop_ids: Collection[int], key: str) -> set[int]:
    """Which of the shops have it on."""
    if not shop_ids:
        return set()
    rows = session.execute(
        text("SELECT shop_id FROM features WHERE key = :key AND enabled AND shop_id = any(:shops)"),
        {"key": key, "shops": sorted(shop_ids)},
    )
    return {row.shop_id for row in rows}


def enabled_keys(session: Session, shop_id: int) -> set[str]:
    rows = session.execute(
        text("SELECT key FROM features WHERE shop_id = :shop AND enabled"), {"shop": shop_id}
    )
    return {row.key for row in rows}
