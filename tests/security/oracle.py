"""Shopify's own new Python package as a second opinion: the same request to both verifiers.

The package is no part of the product. Its clock is held still, so that the edges of what may be late are
asked exactly. Every difference between the two stands in `DIFFERENCES` with what each of them answers.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, quote, urlencode

import jwt
from shopify_app.types import AppConfig, RequestInput
from shopify_app.verify.app_home_req import verify_app_home_req
from shopify_app.verify.app_proxy import verify_app_proxy_req
from shopify_app.verify.checkout_ui_ext import verify_checkout_ui_ext_req
from shopify_app.verify.webhook import verify_webhook_req

from connectors import app_proxy
from connectors.base import Delivery, Refused
from connectors.page_token import from_header
from connectors.shopify.keys import AppKeys
from connectors.shopify.session_token import read_id_token
from connectors.shopify.shopper_token import read_shopper_token
from connectors.shopify.webhooks import verify_webhook

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
T = int(NOW.timestamp())
SHOP = "hollow-pine.myshopify.com"
NEW, OLD = "shpss" + "_" + "1" * 32, "shpss" + "_" + "0" * 32
KEYS = AppKeys("key-1", NEW, OLD)
CONFIG: AppConfig = {"client_id": "key-1", "client_secret": NEW, "old_client_secret": OLD}


# What the package lets pass and we do not, with the reason; and, last, what it refuses and we let pass.
DIFFERENCES: Mapping[str, str] = {
    "webhook: the shop header names no shop": "the package hands the header on unchecked",
    "webhook: no shop header": "the package answers with an empty shop",
    "webhook: no topic": "the package does not look at it",
    "webhook: no delivery id": "the package does not look at it",
    "proxy: the prefix is no path": "the package does not look at it; we build links from it",
    "proxy: no prefix": "the package does not look at it; we build links from it",
    "proxy: two prefixes": "the package does not look at it; we build links from it",
    "proxy: no customer": "the package takes it for nobody",
    "proxy: two customers": "the package takes the first",
    "proxy: no shop": "the package passes it without one",
    "proxy: two timestamps": "the package takes the first",
    "proxy: a timestamp with a sign, a blank or an underscore": "Python's int() reads it",
    "token: no exp": "the package does not ask for it: such a token never ends",
    "token: no nbf": "the package does not ask for it",
    "token: no sub": "the package names no user then",
    "token: no dest": "the package names an empty shop",
    "token: no iss": "the package does not look at it",
    "token: dest is not the shop of iss": "the package compares nothing with iss",
    "token: no shop in dest and iss": "the package takes any host for a shop",
    "token: dest over http": "the package reads the host only",
    "token: exp or nbf as text": "Python's int() reads it",
    "token: signature as wide as a page": "the package has no limit of length",
    "shopper: no exp": "the package does not ask for it: such a token never ends",
    "shopper: no nbf": "the package does not ask for it",
    "shopper: no dest": "the package names an empty shop",
    "shopper: dest names no shop": "the package takes any host for a shop",
    "shopper: sub names nobody who buys": "the package does not look at it; a customer sees orders by it",
    "header: bearer in small letters": "the scheme's case is free by the standard; the package wants Bearer",
}


@contextmanager
def held_still() -> Iterator[None]:
    """The package's clock and that of the library beneath it."""

    class Still(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return NOW

    with (
        patch("shopify_app.verify.app_proxy.time.time", lambda: float(T)),
        patch("jwt.api_jwt.datetime", Still),
    ):
        yield


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: str = "") -> RequestInput:
    """As the package takes it."""
    return {
        "method": method,
        "url": f"https://app.example{path}",
        "headers": dict(headers or {}),
        "body": body,
    }


def our_webhook(headers: Mapping[str, str], body: bytes) -> bool:
    delivery = Delivery({name.lower(): value for name, value in headers.items()}, body)
    return _passes(lambda: verify_webhook(delivery, KEYS.secrets))


def their_webhook(headers: Mapping[str, str], body: bytes) -> bool:
    asked = request("POST", "/", headers, body.decode())
    return _agrees(lambda: verify_webhook_req(asked, CONFIG))


def our_proxy(query: str) -> bool:
    pairs = parse_qsl(query, keep_blank_values=True)
    return _passes(lambda: app_proxy.check(pairs, KEYS.secrets, NOW))


def their_proxy(query: str) -> bool:
    asked = request("GET", f"/proxy?{query}")
    return _agrees(lambda: verify_app_proxy_req(asked, CONFIG))


def our_token(header: str) -> bool:
    return _passes(lambda: read_id_token(from_header(header), KEYS, NOW))


def their_token(header: str) -> bool:
    asked = request("GET", "/", {"Authorization": header})
    return _agrees(lambda: verify_app_home_req(asked, CONFIG, "/session"))


def our_shopper(header: str) -> bool:
    return _passes(lambda: read_shopper_token(from_header(header), KEYS, NOW))


def their_shopper(header: str) -> bool:
    """Of the thank-you page; the package treats customers' accounts alike."""
    asked = request("GET", "/", {"Authorization": header})
    return _agrees(lambda: verify_checkout_ui_ext_req(asked, CONFIG))


def _passes(check: Any) -> bool:
    try:
        check()
    except Refused:
        return False
    return True


def _agrees(check: Any) -> bool:
    """A package that breaks has not let anybody in."""
    try:
        return bool(check().ok)
    except TypeError:
        return False


def body_signature(body: bytes, secret: str) -> str:
    """By this file's own hand, like the two below."""
    return base64.b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()


def query_signature(pairs: list[tuple[str, str]], secret: str) -> str:
    keys = sorted({key for key, _ in pairs})
    told = "".join(f"{key}={','.join(value for name, value in pairs if name == key)}" for key in keys)
    return hmac.new(secret.encode(), told.encode(), sha256).hexdigest()


def as_query(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, quote_via=quote)


def signed_token(claims: Mapping[str, Any], secret: str, header: Mapping[str, Any] | None = None) -> str:
    """HS256 whatever the header says."""
    head = _part(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    body = _part(json.dumps(claims).encode())
    mac = hmac.new(secret.encode(), f"{head}.{body}".encode(), sha256).digest()
    return f"{head}.{body}.{_part(mac)}"


def truly(claims: Mapping[str, Any], secret: str, algorithm: str) -> str:
    return jwt.encode(dict(claims), secret * 2, algorithm=algorithm)


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
