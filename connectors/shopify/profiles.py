"""What a shop says of itself."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.base import Malformed, Store
from connectors.shopify.addresses import one_line
from connectors.shopify.fields import Body, link, maybe_text, text
from connectors.shopify.money import currency_of, store_currency
from flows.commerce import ShopProfile


def shop_profile(item: Body, store: Store | None) -> ShopProfile:
    """Raises Malformed where the body belongs to another shop than the header said."""
    check_shop(item, store)
    domain = maybe_text(item, "domain")
    return ShopProfile(
        name=text(item, "name") or (store.domain if store else ""),
        url=link(item, "url") or (f"https://{domain}" if domain else _known_url(store)),
        email=text(item, "customer_email") or text(item, "email"),
        currency=currency_of(item, "currency") or store_currency(store),
        timezone=_timezone(item, store),
        locale=text(item, "primary_locale") or "en",
        country=text(item, "country_code") or text(item, "country"),
        address=one_line(item),
    )


def check_shop(item: Body, store: Store | None) -> None:
    """The signature does not cover the header that names the shop, but it covers the body."""
    named = maybe_text(item, "myshopify_domain")
    if named and store and named.lower() != store.domain:
        raise Malformed(f"{item.where('myshopify_domain')}: another shop's")


def _known_url(store: Store | None) -> str:
    return (store.front_url or store.base_url) if store else ""


def _timezone(item: Body, store: Store | None) -> str:
    for name in (maybe_text(item, "iana_timezone"), store.timezone if store else None):
        if name and _is_zone(name):
            return name
    return "UTC"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
