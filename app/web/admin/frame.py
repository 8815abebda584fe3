"""The frame around the admin pages: whose back office may hold them, and what they may load."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.config import Config
from app.queries.facts import ShopRow
from flows.commerce import Platform

APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js"


@dataclass(frozen=True, slots=True)
class Frame:
    """`bridge`: the script that gives id tokens ("" on WordPress, where the parent page is asked).
    `parent`: the origin that may hold us and is asked. `skin` names a set of tokens in admin.css."""

    skin: str
    bridge: str
    parent: str
    api_key: str
    policy: str


def frame_of(shop: ShopRow, platform: Platform, config: Config) -> Frame:
    if platform is Platform.SHOPIFY:
        own = f"https://{shop.domain}"
        inside = config.origins.get(own)
        bridge = f"{inside}/sandbox/app-bridge.js?shop={shop.domain}" if inside else APP_BRIDGE
        holders = " ".join(filter(None, (own, "https://admin.shopify.com", inside)))
        return Frame("shopify", bridge, inside or own, config.shopify_api_key, _policy(holders, bridge))
    parent = config.origins.get(_origin(f"https://{shop.domain}")) or _origin(f"https://{shop.domain}")
    return Frame("wordpress", "", parent, "", _policy(parent, ""))


def _policy(holders: str, bridge: str) -> str:
    """Styles may stand in the page, because previews show mails, whose styles do."""
    scripts = f" {_origin(bridge)}" if bridge else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{scripts}",
            f"connect-src 'self'{scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' https: http://127.0.0.1:* data:",
            "font-src 'self'",
            "form-action 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            f"frame-ancestors {holders}",
        )
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
