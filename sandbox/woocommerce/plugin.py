"""The companion plugin, as far as a store plays it: it keeps the app's secret, forwards what visitors
ask below /apps/doorstep, and signs tokens for the app's page in the back office."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import Blueprint, Response, request

from sandbox.app_proxy import Answer, Pairs, ProxyProblem, forward
from sandbox.clock import real_now
from sandbox.storefront.app_pages import AppPage, AskApp
from sandbox.woocommerce import customers
from sandbox.woocommerce.rest.answers import answer, bad_parameter, sent
from sandbox.woocommerce.rest.gate import check_key
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

FRAGMENT = "X-Doorstep-Fragment"
_LIFE = timedelta(seconds=60)
_USER = {"sub": "1", "name": "Malin Larsen"}


def plugin_routes(shop_of: CurrentShop) -> Blueprint:
    """Below /wp-json."""
    routes = Blueprint("plugin", __name__, url_prefix="/wc-doorstep/v1")

    @routes.post("/settings")
    def settings() -> Response:
        shop = shop_of()
        check_key(shop)
        given = sent()
        for name in ("secret", "app"):
            if not isinstance(given.get(name), str) or not given[name]:
                raise bad_parameter(name, f"{name} must be a text.")
        if urlsplit(given["app"]).scheme not in ("http", "https"):
            raise bad_parameter("app", "app must be an address.")
        shop.write("shop", "plugin", {"secret": given["secret"], "app": given["app"].rstrip("/")})
        return answer(shop, {"connected": True}, "POST")

    return routes


def plugin_of(shop: Shop) -> dict[str, Any] | None:
    """Its settings; None until the app has sent them."""
    return shop.read("shop", "plugin")


def plugin_proxy(shop_of: CurrentShop, origins: Mapping[str, str]) -> AskApp:
    """`origins`: where the https name of the app really lives."""

    def ask(path: str, email: str) -> AppPage:
        shop = shop_of()
        plugin = plugin_of(shop)
        if plugin is None:
            raise ProxyProblem(404, "There is no such page here.")
        base = f"{origins.get(plugin['app'], plugin['app'])}/proxy/woocommerce"
        customer = str(customers.with_email(shop, email) or "") if email else ""
        secret = plugin["secret"]
        got = forward(request, base, path, shop.domain, customer, lambda pairs: signature(pairs, secret))
        return AppPage(got, _fragment(got))

    return ask


def signature(pairs: Pairs, secret: str) -> str:
    """The plugin's own: keys in order, values of one key joined by commas, nothing in between."""
    keys = sorted({key for key, _ in pairs} - {"signature"})
    joined = [f"{key}=" + ",".join(value for name, value in pairs if name == key) for key in keys]
    return hmac.new(secret.encode(), "".join(joined).encode(), hashlib.sha256).hexdigest()


def new_token(shop: Shop, secret: str) -> str:
    """For the app's page in the frame; good for a minute of real time."""
    now, origin = real_now(), f"https://{shop.domain}"
    claims = {"iss": origin, "dest": origin, "aud": "doorstep", **_USER}
    return jwt.encode({**claims, "nbf": now, "iat": now, "exp": now + _LIFE}, secret, algorithm="HS256")


def _fragment(got: Answer) -> str | None:
    if got.kind != "text/html" or got.headers.get(FRAGMENT) != "1":
        return None
    return got.body.decode("utf-8", "replace")
