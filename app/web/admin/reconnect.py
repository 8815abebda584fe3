"""Where a shop that does not let us in any more is connected again."""

from __future__ import annotations

from urllib.parse import urlencode

from app.config import Config
from app.web.sandbox_front import for_browser
from flows.commerce import Platform


def reconnect_at(platform: Platform, domain: str, config: Config) -> str:
    """It takes the whole window. Shopify: the app's page in the back office, whose id token connects the
    shop. WooCommerce: the store's own approval page."""
    if platform is Platform.WOOCOMMERCE:
        return f"/woocommerce/install?{urlencode({'shop': domain})}"
    store = domain.removesuffix(".myshopify.com")
    page = f"https://admin.shopify.com/store/{store}/apps/{config.shopify_api_key}"
    return for_browser(page, config.origins)
