"""What a shop says of itself."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.base import Malformed, Store
from connectors.shopify.addresses import one_line
from connectors.shopify.fields import Body, flag, link, maybe_text, reference, text
from connectors.shopify.money import currency_of
from flows.commerce import ShopProfile
from wire.target import is_public_name


def shop_profile(item: Body, store: Store | None) -> ShopProfile:
    """What the body does not tell is an empty text, which keeps what is known.

    Raises Malformed where the body belongs to another shop than the header said.
    """
    check_shop(item, store)
    check_number(item, "id", store)
    return ShopProfile(
        name=text(item, "name"),
        url=link(item, "url") or _front_page(text(item, "domain")),
        email=text(item, "customer_email") or text(item, "email"),
        currency=currency_of(item, "currency") or "",
        timezone=_zone(text(item, "iana_timezone")),
        locale=text(item, "primary_locale"),
        country=text(item, "country_code") or text(item, "country"),
        address=one_line(item),
        platform_id=reference(item, "admin_graphql_api_id") or reference(item, "id") or "",
        for_tests=None if item.data.get("for_tests") is None else flag(item, "for_tests"),
    )


def check_shop(item: Body, store: Store | None) -> None:
    """The signature does not cover the header that names the shop, but it covers the body."""
    for key in ("myshopify_domain", "shop_domain"):
        named = maybe_text(item, key)
        if named and store and named.lower() != store.domain:
            raise Malformed(f"{item.where(key)}: another shop's")
    for key in ("shop_id", "admin_graphql_api_shop_id"):
        check_number(item, key, store)


def check_number(item: Body, key: str, store: Store | None) -> None:
    """The same by the shop's number, once the shop has told us which it is."""
    number = reference(item, key)
    if number and store and store.platform_id and number != store.platform_id:
        raise Malformed(f"{item.where(key)}: another shop's")


def _front_page(domain: str) -> str:
    name = domain.strip().lower()
    return f"https://{name}" if is_public_name(name) else ""


def _zone(name: str) -> str:
    """`name` where this machine knows that time zone, else nothing."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return name
