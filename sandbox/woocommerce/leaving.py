"""The plugin is disconnected or taken out of WordPress: it says so, and clears up after the app."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.woocommerce.plugin import plugin_of
from sandbox.woocommerce.plugin_messages import say
from sandbox.woocommerce.shop import Shop


def leave(shop: Shop, origins: Mapping[str, str], reason: str) -> int:
    """`reason`: disconnected or uninstalled. The app's answer, 0 where there is none: the plugin leaves
    whatever that is. Its webhooks and the key that it was connected with go at once."""
    plugin = plugin_of(shop)
    if plugin is None:
        return 0
    status, _ = say(shop, origins, "left", {"reason": reason})
    with shop.documents.transaction():
        for webhook in shop.every("webhook"):
            if str(webhook["delivery_url"]).startswith(f"{plugin['app']}/"):
                shop.forget("webhook", webhook["id"])
        shop.forget("key", plugin["key"])
        shop.forget("shop", "plugin")
    return status
