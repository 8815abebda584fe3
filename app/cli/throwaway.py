"""A shop that replays may uninstall and erase: opened in the sandbox and installed by its door."""

from __future__ import annotations

import requests

from app.cli.up_browser import Browser, BrowserError
from app.config import Config

THROWAWAY = "throwaway.myshopify.com"
PATIENCE = 30.0


def install_throwaway(config: Config) -> None:
    """Opens the shop and installs the app into it; where it is installed, that changes nothing."""
    origin = config.origins[f"https://{THROWAWAY}"]
    requests.post(f"{origin}/sandbox/shops", json={"domain": THROWAWAY}, timeout=PATIENCE).raise_for_status()
    browser = Browser(config.origins)
    store = THROWAWAY.removesuffix(".myshopify.com")
    back_office = browser.open(f"https://admin.shopify.com/store/{store}/apps/{config.shopify_api_key}")
    try:
        consent = browser.open(back_office.link("/shopify/install"))
    except BrowserError:
        # The shop has the app. Should we have left the shop: opening the app connects it again.
        browser.open(back_office.frame())
        return
    browser.submit(consent.form())
