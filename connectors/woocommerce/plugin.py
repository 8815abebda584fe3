"""Our companion plugin in the store: where it is installed, it is told what it signs with, and which of the
store's own mails ours take the place of."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from connectors.base import Store, StoreUnreachable
from connectors.companion import PluginSaid, PluginSettings
from connectors.woocommerce.places import place
from connectors.woocommerce.rest_api import NoRoute, write_below

# It stands below a namespace that begins with "wc-", because only there the store's own keys open the door.
NAMESPACE = "wc-doorstep/v1"
TIMEOUT = 10.0
# A clock that is further off than this is no clock.
_FARTHEST = 400 * 86_400
_VERSION = re.compile(r"[0-9A-Za-z.+_-]{1,40}")


def tell_plugin(store: Store, settings: PluginSettings | None) -> PluginSaid | None:
    """Hands over its settings; without any it forgets what it has, and takes back our keys and webhooks.
    None: the plugin is not there, or has forgotten. Raises StoreError."""
    if settings is None:
        with suppress(NoRoute):
            write_below(store, NAMESPACE, "settings", None, TIMEOUT)
        return None
    told = {
        "secret": settings.secret,
        "app": settings.app,
        "door": settings.door,
        "shop": settings.shop,
        "pages": settings.pages,
        "mails_off": list(settings.mails_off),
        "script": settings.script,
        "time": int(settings.at.timestamp()),
        "since": int(settings.since.timestamp()),
    }
    try:
        return _said(write_below(store, NAMESPACE, "settings", told, TIMEOUT))
    except NoRoute:
        return None


def _said(answer: Any) -> PluginSaid:
    """What is no answer of our plugin counts as none. One that knows its shop by another address keeps
    silent, and says which."""
    told = answer if isinstance(answer, dict) else {}
    home = place(str(told.get("home", "")))
    if told.get("connected") is False and home:
        raise StoreUnreachable(f"WordPress there calls itself {home}: to the plugin that is another shop")
    if told.get("connected") is not True:
        raise StoreUnreachable("something else answered instead of our plugin")
    return PluginSaid(
        version=_version(told.get("version")),
        wordpress=_version(told.get("wordpress")),
        woocommerce=_version(told.get("woocommerce")),
        php=_version(told.get("php")),
        offset=_seconds(told.get("offset")),
    )


def _version(told: Any) -> str:
    return told if isinstance(told, str) and _VERSION.fullmatch(told) else ""


def _seconds(told: Any) -> int:
    is_one = isinstance(told, int) and not isinstance(told, bool) and abs(told) <= _FARTHEST
    return told if is_one else 0
