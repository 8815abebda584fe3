"""The companion plugin, as far as a store plays it: it keeps what the app tells it, forwards what visitors
ask below /apps/doorstep, and signs tokens for the app's page in the back office."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import Blueprint, Response, request

from sandbox.app_proxy import PREFIX, Answer, Pairs, ProxyProblem, forward
from sandbox.storefront.app_pages import AppPage, AskApp
from sandbox.woocommerce import customers
from sandbox.woocommerce.rest.answers import answer, bad_parameter, no_route, sent
from sandbox.woocommerce.rest.gate import check_key, key_name
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

FRAGMENT = "X-Doorstep-Fragment"
# What it says of itself and its store.
VERSIONS = {"version": "1.0.0", "wordpress": "6.8.8", "woocommerce": "10.2.4", "php": "8.2.36"}
_LIFE = timedelta(seconds=60)
_USER = {"sub": "1", "name": "Malin Larsen"}
_PROOF = 32
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ADDRESSES = ("app", "door")

Settings = dict[str, Any]


def plugin_routes(shop_of: CurrentShop) -> Blueprint:
    """Below /wp-json."""
    routes = Blueprint("plugin", __name__, url_prefix="/wc-doorstep/v1")

    @routes.post("/settings")
    def settings() -> Response:
        shop = with_plugin(shop_of())
        wanted = _checked(sent())
        offset = int(shop.machine_time().timestamp()) - wanted["time"] if wanted["time"] else 0
        heard = int(shop.machine_time().timestamp())
        shop.write(
            "shop", "plugin", wanted | {"offset": offset, "received_at": heard, "key": key_name()},
        )  # fmt: skip
        return answer(shop, {"connected": True, **VERSIONS, "offset": offset}, "POST, DELETE")

    @routes.delete("/settings")
    def forget() -> Response:
        """The app has left."""
        shop = with_plugin(shop_of())
        shop.forget("shop", "plugin")
        return answer(shop, {"connected": False, **VERSIONS}, "POST, DELETE")

    return routes


def plugin_of(shop: Shop) -> Settings | None:
    """Its settings; None until the app has sent them, and where the plugin is not installed."""
    return None if shop.quirks()["no_plugin"] else shop.read("shop", "plugin")


def believed_time(shop: Shop, plugin: Settings) -> datetime:
    """The app's time, as far as the plugin knows it: its own clock may be hours away."""
    return shop.machine_time() - timedelta(seconds=plugin["offset"])


def plugin_proxy(shop_of: CurrentShop, origins: Mapping[str, str]) -> AskApp:
    """`origins`: where the https name of the app really lives."""

    def ask(path: str, email: str) -> AppPage:
        shop = shop_of()
        plugin = plugin_of(shop)
        if plugin is None:
            raise ProxyProblem(404, "There is no such page here.")
        if any(_CONTROL.search(name) for name in request.args):
            raise ProxyProblem(400, "This page cannot be used in that way.")
        base = f"{origins.get(plugin['app'], plugin['app'])}/proxy/woocommerce"
        customer = str(customers.with_email(shop, email) or "") if email else ""
        got = forward(
            request, base, path, plugin["shop"] or shop.domain, customer,
            lambda pairs: signature(pairs, plugin["secret"]), believed_time(shop, plugin),
        )  # fmt: skip
        return AppPage(got, _fragment(got))

    return ask


def key_for(purpose: str, secret: str) -> bytes:
    """Each thing that is signed has a key of its own."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest().encode()


def signature(pairs: Pairs, secret: str) -> str:
    """The plugin's own: keys in order, values of one key joined by commas, nothing in between."""
    keys = sorted({key for key, _ in pairs} - {"signature"})
    joined = [f"{key}=" + ",".join(value for name, value in pairs if name == key) for key in keys]
    return hmac.new(key_for("proxy", secret), "".join(joined).encode(), hashlib.sha256).hexdigest()


def order_link(shop: Shop, order_id: str) -> str:
    """Where a shopper follows an order, with a proof in it, so that nobody finds others by counting. ""
    without the plugin."""
    plugin = plugin_of(shop)
    if plugin is None:
        return ""
    proof = hmac.new(key_for("order", plugin["secret"]), order_id.encode(), hashlib.sha256).hexdigest()
    return f"{plugin['pages']}/o/{order_id}/{proof[:_PROOF]}"


def new_token(shop: Shop, plugin: Settings) -> str:
    """For the app's page in the frame; good for a minute of real time."""
    now, origin = believed_time(shop, plugin), f"https://{plugin['shop'] or shop.domain}"
    claims: dict[str, Any] = {"iss": origin, "dest": origin, "aud": "doorstep", **_USER}
    claims |= {"nbf": now, "iat": now, "exp": now + _LIFE}
    return jwt.encode(claims, key_for("page", plugin["secret"]), algorithm="HS256")


def with_plugin(shop: Shop) -> Shop:
    if shop.quirks()["no_plugin"]:
        raise no_route()
    check_key(shop)
    return shop


def _checked(given: Mapping[str, Any]) -> Settings:
    """Raises RestError 400; nothing of it is kept then."""
    wanted = {
        "secret": "", "app": "", "door": "", "shop": "", "pages": PREFIX, "mails_off": [], "script": False,
        "time": 0, "since": 0,
    }  # fmt: skip
    for name, usual in wanted.items():
        if name in given and type(given[name]) is not type(usual):
            raise bad_parameter(name, f"{name} is not of type {type(usual).__name__}.")
    wanted |= {name: given[name] for name in wanted if name in given}
    for name in ("secret", "app"):
        if not wanted[name]:
            raise bad_parameter(name, f"{name} must be a text.")
    for name in _ADDRESSES:
        if wanted[name] and urlsplit(str(wanted[name])).scheme not in ("http", "https"):
            raise bad_parameter(name, f"{name} must be an address.")
    if not all(isinstance(id, str) for id in given.get("mails_off", [])):
        raise bad_parameter("mails_off", "mails_off[0] is not of type string.")
    wanted["app"] = str(wanted["app"]).rstrip("/")
    return dict(wanted)


def _fragment(got: Answer) -> str | None:
    if got.kind != "text/html" or got.headers.get(FRAGMENT) != "1":
        return None
    return got.body.decode("utf-8", "replace")
