"""The shop, the app in it, and the versions of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sandbox.schema import API_VERSION
from sandbox.shopify.admin_api.asking import Asking, Fields, moment, plain
from sandbox.shopify.admin_api.fields.metafields import metafield_of
from sandbox.shopify.plans import active

_VERSIONS = ("2026-01", "2026-04", "2026-07", API_VERSION)


def version(handle: str) -> dict[str, Any]:
    """The source of an ApiVersion."""
    return {"handle": handle, "name": handle if handle != API_VERSION else f"{handle} (Latest)"}


def versions() -> list[dict[str, Any]]:
    return [version(handle) for handle in _VERSIONS]


def _primary_domain(shop: dict[str, Any], asking: Asking, arguments: Any) -> dict[str, Any]:
    return {
        "url": asking.shop.address,
        "id": f"gid://shopify/Domain/{shop['id']}",
        "locale": shop["primary_locale"],
    }


def _offset(shop: dict[str, Any], asking: Asking, arguments: Any) -> str:
    return asking.shop.clock.now().astimezone(ZoneInfo(shop["iana_timezone"])).strftime("%z")


def _offset_minutes(shop: dict[str, Any], asking: Asking, arguments: Any) -> int:
    offset = asking.shop.clock.now().astimezone(ZoneInfo(shop["iana_timezone"])).utcoffset()
    return int((offset or timedelta()).total_seconds() // 60)


FIELDS: dict[str, Fields] = {
    "Shop": {
        "id": lambda shop, asking, arguments: f"gid://shopify/Shop/{shop['id']}",
        "name": plain("name"),
        "email": plain("email"),
        "contactEmail": plain("customer_email"),
        "shopOwnerName": plain("shop_owner"),
        "currencyCode": plain("currency"),
        "enabledPresentmentCurrencies": plain("enabled_presentment_currencies"),
        "ianaTimezone": plain("iana_timezone"),
        "timezoneOffset": _offset,
        "timezoneOffsetMinutes": _offset_minutes,
        "myshopifyDomain": plain("myshopify_domain"),
        "url": lambda shop, asking, arguments: asking.shop.address,
        "primaryDomain": _primary_domain,
        "shopAddress": lambda shop, asking, arguments: shop,
        "plan": lambda shop, asking, arguments: shop,
        "taxesIncluded": plain("taxes_included"),
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
    },
    "Domain": {
        "id": plain("id"),
        "url": plain("url"),
        "host": lambda domain, asking, arguments: urlsplit(domain["url"]).netloc,
        "sslEnabled": lambda domain, asking, arguments: domain["url"].startswith("https:"),
        "localization": lambda domain, asking, arguments: domain,
    },
    "DomainLocalization": {
        "defaultLocale": plain("locale"),
        "alternateLocales": lambda domain, asking, arguments: [],
        "country": lambda domain, asking, arguments: None,
    },
    "ShopAddress": {
        "id": lambda shop, asking, arguments: f"gid://shopify/ShopAddress/{shop['id']}",
        "company": plain("name"),
        "address1": plain("address1"),
        "address2": plain("address2"),
        "city": plain("city"),
        "province": plain("province"),
        "provinceCode": plain("province_code"),
        "zip": plain("zip"),
        "country": plain("country_name"),
        "countryCodeV2": plain("country_code"),
        "phone": plain("phone"),
    },
    "ShopPlan": {
        "displayName": plain("plan_display_name"),
        "publicDisplayName": plain("plan_display_name"),
        "partnerDevelopment": lambda shop, asking, arguments: shop["plan_name"] == "partner_test",
        "shopifyPlus": lambda shop, asking, arguments: shop["plan_name"] == "enterprise",
    },
    "ApiVersion": {
        "handle": plain("handle"),
        "displayName": plain("name"),
        "supported": lambda version, asking, arguments: version["handle"] in _VERSIONS,
    },
    "AppInstallation": {
        "id": lambda installation, asking, arguments: (
            f"gid://shopify/AppInstallation/{asking.shop.profile()['id']}"
        ),
        "metafield": metafield_of("AppInstallation"),
        "accessScopes": lambda installation, asking, arguments: [
            {"handle": scope, "description": scope.replace("_", " ").capitalize()} for scope in asking.scopes
        ],
        "activeSubscriptions": lambda installation, asking, arguments: active(asking.shop),
    },
    "AccessScope": {"handle": plain("handle"), "description": plain("description")},
}
