"""The frame around the admin pages: whose back office may hold them, and what they may load."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.config import Config
from flows.commerce import Platform

APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js"
POLARIS = "https://cdn.shopify.com/shopifycloud/polaris.js"


@dataclass(frozen=True, slots=True)
class Frame:
    """`bridge`: the script that gives id tokens ("" on WordPress, where the parent page is asked). `polaris`:
    Shopify's elements, where its own address can be reached ("" in the sandbox).
    `parent`: the origin that may hold us and is asked. `skin` names a set of tokens in admin.css."""

    skin: str
    bridge: str
    parent: str
    api_key: str
    policy: str
    polaris: str = ""

    @property
    def preload(self) -> str:
        """For the Link header: what the page needs first, asked for before the page is read."""
        scripts = (self.bridge, self.polaris)
        return ", ".join(f'<{script}>; rel="preload"; as="script"' for script in scripts if script)


def frame_of(domain: str, platform: Platform, config: Config) -> Frame:
    if platform is Platform.SHOPIFY:
        own = f"https://{domain}"
        inside = config.origins.get(own)
        bridge = f"{inside}/sandbox/app-bridge.js?shop={domain}" if inside else APP_BRIDGE
        holders = " ".join(filter(None, (own, "https://admin.shopify.com", inside)))
        policy, key = _policy(holders, bridge, config), config.shopify_api_key
        return Frame("shopify", bridge, inside or own, key, policy, "" if inside else POLARIS)
    parent = config.origins.get(_origin(f"https://{domain}")) or _origin(f"https://{domain}")
    return Frame("wordpress", "", parent, "", _policy(parent, "", config))


def _policy(holders: str, bridge: str, config: Config) -> str:
    """Styles may stand in the page, because previews show mails, whose styles do."""
    pictures = " http://127.0.0.1:*" if config.sandbox else ""
    scripts = f" {_origin(bridge)}" if bridge else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{scripts}",
            f"connect-src 'self'{scripts}",
            f"style-src 'self' 'unsafe-inline'{scripts}",
            f"img-src 'self' https:{pictures} data:",
            f"font-src 'self'{scripts}",
            "form-action 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            f"frame-ancestors {holders}",
        )
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
