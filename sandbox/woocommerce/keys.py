"""API keys of one shop: made by an approval, checked on every call, gone when revoked."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from sandbox.woocommerce.shop import Shop

SCOPES = ("read", "write", "read_write")
_ALLOWED = {"read": ("read", "read_write"), "write": ("write", "read_write")}


def make_key(shop: Shop, scope: str, app_name: str) -> dict[str, Any]:
    key: dict[str, Any] = {
        "key_id": shop.number("key"),
        "consumer_key": f"ck_{secrets.token_hex(20)}",
        "consumer_secret": f"cs_{secrets.token_hex(20)}",
        "key_permissions": scope,
        "app_name": app_name,
    }
    shop.write("key", key["consumer_key"], key)
    return key


def key_of(shop: Shop, consumer_key: str) -> dict[str, Any] | None:
    return shop.read("key", consumer_key)


def secret_fits(key: dict[str, Any], consumer_secret: str) -> bool:
    return hmac.compare_digest(key["consumer_secret"].encode(), consumer_secret.encode())


def may(key: dict[str, Any], doing: str) -> bool:
    """`doing`: "read" or "write"."""
    return key["key_permissions"] in _ALLOWED[doing]
