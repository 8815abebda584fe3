"""The platform's signatures, made here independently of the app's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode


def body_signature(body: bytes, secret: str) -> str:
    """Of a webhook: base64 of HMAC-SHA256 over the exact bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def query_signature(parameters: Mapping[str, str], secret: str) -> str:
    """Of a request that the platform sends a browser to: hex, over the sorted encoded pairs."""
    text = urlencode(sorted((key, value) for key, value in parameters.items() if key != "hmac"))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def proxy_signature(pairs: Iterable[tuple[str, str]], secret: str) -> str:
    """Of a request that the app proxy forwards: hex, over `key=value` sorted by key with nothing in
    between; the values of a key that comes more than once are joined by commas."""
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    text = "".join(f"{key}={','.join(values[key])}" for key in sorted(values) if key != "signature")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def host_parameter(shop_handle: str) -> str:
    """The admin's address of a shop, base64 without padding."""
    return base64.b64encode(f"admin.shopify.com/store/{shop_handle}".encode()).decode().rstrip("=")
