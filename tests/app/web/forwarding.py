"""Requests as a store forwards them: signed by this file's own hand, not by the code under test."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlencode

from flows.commerce import Platform
from tests.app.web.conftest import SHOPIFY_SECRET, Site

Pairs = list[tuple[str, str]]

DOMAINS = {Platform.SHOPIFY: "hollow-pine.myshopify.com", Platform.WOOCOMMERCE: "larkhus.example"}


def forwarded(site: Site, platform: Platform, path: str, own: Iterable[tuple[str, str]] = ()) -> str:
    pairs = stores_pairs(site, platform, own)
    return address(platform, path, [*pairs, ("signature", sign(pairs, secret_of(site, platform)))])


def stores_pairs(site: Site, platform: Platform, own: Iterable[tuple[str, str]] = ()) -> Pairs:
    return [
        *own,
        ("shop", DOMAINS[platform]),
        ("logged_in_customer_id", ""),
        ("path_prefix", "/apps/doorstep"),
        ("timestamp", str(int(site.runtime.clock.real().timestamp()))),
    ]


def address(platform: Platform, path: str, pairs: Pairs) -> str:
    return f"/proxy/{platform.value}/{path}?{urlencode(pairs)}"


def sign(pairs: Pairs, secret: str) -> str:
    keys = sorted({key for key, _ in pairs})
    text = "".join(f"{key}=" + ",".join(value for name, value in pairs if name == key) for key in keys)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def secret_of(site: Site, platform: Platform) -> str:
    if platform is Platform.SHOPIFY:
        return SHOPIFY_SECRET
    secret = site.runtime.keys.plugin_secret(site.woocommerce.token)
    return hmac.new(secret.encode(), b"proxy", hashlib.sha256).hexdigest()
