"""What the shop says of itself, gathered from the four places where WordPress keeps it."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.base import AccessLost, Store, StoreRefused, StoreUnreachable
from connectors.fields import clean, web_address
from connectors.woocommerce.rest_api import read, read_index
from flows.commerce import ShopProfile


def profile(store: Store) -> ShopProfile:
    """What the shop does not tell is an empty text. Raises StoreError; the settings come first, so that
    wrong keys show at once."""
    general, mail = _settings(store, "general"), _settings(store, "email")
    status = read(store, "system_status", {"_fields": "environment,settings"})
    index = _index(store)
    country = general.get("woocommerce_default_country", "").partition(":")[0]
    return ShopProfile(
        name=_words(index, "name") or mail.get("woocommerce_email_from_name", "") or store.domain,
        url=web_address(index.get("home")) or web_address(_dig(status, "home_url")) or store.base_url,
        email=mail.get("woocommerce_email_from_address", ""),
        currency=general.get("woocommerce_currency", "") or str(_dig(status, "currency") or ""),
        timezone=timezone(_words(index, "timezone_string"), index.get("gmt_offset")),
        locale="-".join(str(_dig(status, "language") or "en").split("_")[:2]),
        country=country,
        address=_address(general, country),
        platform_id=str(_dig(status, "store_id") or ""),
    )


def timezone(name: str, offset: Any) -> str:
    """An IANA name, or "" where the shop tells nothing. A shop that only set an offset gets the zone of
    that many whole hours (whose sign IANA writes the other way round); half hours have none and are
    rounded down."""
    try:
        if name:
            return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    try:
        hours = math.floor(float(offset))
    except (TypeError, ValueError, OverflowError):
        return ""
    return f"Etc/GMT{-hours:+d}" if hours and -12 <= hours <= 14 else "UTC"


def _index(store: Store) -> Mapping[str, Any]:
    """Open to everybody by default; security plugins close it, and then the rest has to do."""
    try:
        index = read_index(store)
    except (AccessLost, StoreRefused, StoreUnreachable):
        return {}
    return index if isinstance(index, Mapping) else {}


def _settings(store: Store, group: str) -> dict[str, str]:
    entries = read(store, f"settings/{group}")
    if not isinstance(entries, list):
        raise StoreUnreachable("the shop's settings cannot be read")
    return {
        str(entry.get("id")): clean(value).strip()
        for entry in entries
        if isinstance(entry, Mapping) and isinstance(value := entry.get("value"), str)
    }


def _dig(status: Any, key: str) -> Any:
    for part in ("environment", "settings"):
        values = status.get(part) if isinstance(status, Mapping) else None
        if isinstance(values, Mapping) and key in values:
            return values[key]
    return None


def _words(index: Mapping[str, Any], key: str) -> str:
    value = index.get(key)
    return html.unescape(clean(value)).strip() if isinstance(value, str) else ""


def _address(general: Mapping[str, str], country: str) -> str:
    """In one line, as it stands in the foot of a mail."""
    place = f"{general.get('woocommerce_store_postcode', '')} {general.get('woocommerce_store_city', '')}"
    parts = (
        general.get("woocommerce_store_address", ""),
        general.get("woocommerce_store_address_2", ""),
        place,
    )
    return ", ".join(part.strip() for part in (*parts, country) if part.strip())
