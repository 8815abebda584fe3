"""The doors by which an app gets into a shop: grant page, token endpoint, back office."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.clock import real_now
from sandbox.settings import Settings
from sandbox.shopify.oauth import installation
from sandbox.shopify.oauth.id_tokens import check_id_token, new_id_token
from sandbox.shopify.oauth.installation import TokenRefused
from sandbox.shopify.oauth.pages import Pages
from sandbox.shopify.oauth.signing import host_parameter, query_signature
from sandbox.shopify.shop import Shop

APP_NAME = "Doorstep"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


def declared_scopes() -> tuple[str, ...]:
    """The rights that a consent inside the back office gives: what the app's own file declares."""
    told = tomllib.loads(files("connectors.shopify").joinpath("shopify.app.toml").read_text("utf-8"))
    return _scopes(told["access_scopes"]["scopes"])


def oauth_routes(current: Callable[[], Shop], pages: Pages, settings: Settings) -> Blueprint:
    routes = Blueprint("oauth", __name__)

    @routes.get("/admin/oauth/authorize")
    def ask() -> AnyResponse:
        asked = {name: request.args.get(name, "") for name in ("client_id", "scope", "redirect_uri", "state")}
        problem = _problem(asked, settings)
        if problem:
            return pages.problem(problem, 400)
        return pages.grant(APP_NAME, _scopes(asked["scope"]), asked)

    @routes.post("/admin/oauth/authorize")
    def decide() -> AnyResponse:
        asked = {name: request.form.get(name, "") for name in ("client_id", "scope", "redirect_uri", "state")}
        shop, problem = current(), _problem(asked, settings)
        if problem:
            return pages.problem(problem, 400)
        if request.form.get("decision") != "approve":
            return redirect("/admin/apps/doorstep", 302)
        back = {"code": installation.new_code(shop, _scopes(asked["scope"])), "state": asked["state"]}
        separator = "&" if "?" in asked["redirect_uri"] else "?"
        query = urlencode(sorted(signed(shop, settings, back).items()))
        return redirect(f"{asked['redirect_uri']}{separator}{query}", 302)

    @routes.post("/admin/oauth/access_token")
    def access_token() -> tuple[Response, int]:
        try:
            return jsonify(_token(current(), _fields(), settings)), 200
        except TokenRefused as refused:
            return jsonify(
                error=refused.error, error_description=f"{refused.error} (sandbox)"
            ), refused.status

    return routes


def signed(shop: Shop, settings: Settings, parameters: dict[str, str]) -> dict[str, str]:
    """`parameters` with shop, host and time, and the signature over all of them."""
    whole = parameters | {
        "shop": shop.domain,
        "host": host_parameter(shop.handle),
        "timestamp": str(int(real_now().timestamp())),
    }
    return whole | {"hmac": query_signature(whole, settings.shopify_secret)}


def signed_start(shop: Shop, settings: Settings) -> str:
    """Where a merchant who wants to install the app is sent."""
    return f"{settings.app_address}/shopify/install?{urlencode(signed(shop, settings, {}))}"


def frame_address(
    shop: Shop, settings: Settings, path: str = "", said: Mapping[str, str] | None = None
) -> str:
    """The app's page `path` for the back office's frame, as its first load carries it. `said`: what else
    the address in the browser says."""
    token = new_id_token(shop, settings.shopify_key, settings.shopify_secret)
    whole = signed(shop, settings, {**(said or {}), "embedded": "1", "id_token": token, "locale": "en"})
    return f"{settings.app_address}/shopify/app{_below(path)}?{urlencode(whole)}"


def _below(path: str) -> str:
    """As the end of an address: nothing for the app's first page, and never a step upwards."""
    return "".join(f"/{quote(part, safe='')}" for part in path.split("/") if part not in ("", ".", ".."))


def _problem(asked: dict[str, str], settings: Settings) -> str:
    """Why this request for a grant cannot be; "" if it can."""
    if asked["client_id"] != settings.shopify_key:
        return "No app has this client id."
    own = {settings.app_address} | {
        outside for outside, inside in settings.origins.items() if inside == settings.app_address
    }
    parts = urlsplit(asked["redirect_uri"])
    if f"{parts.scheme}://{parts.netloc}" not in own:
        return "The redirect address is not one of the app's."
    if not asked["state"]:
        return "The request has no state: the app could not tell its answer from a forged one."
    return "" if _scopes(asked["scope"]) else "The request names no scope."


def _scopes(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _fields() -> dict[str, Any]:
    body = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    if not isinstance(body, dict):
        raise TokenRefused("invalid_request")
    return body


def _token(shop: Shop, asked: dict[str, Any], settings: Settings) -> dict[str, Any]:
    if (
        asked.get("client_id") != settings.shopify_key
        or asked.get("client_secret") != settings.shopify_secret
    ):
        raise TokenRefused("invalid_client", 401)
    if asked.get("grant_type") == "refresh_token":
        return installation.refresh(shop, str(asked.get("refresh_token", "")))
    if str(asked.get("expiring", "")) != "1":
        # Tokens that never end are not given to public apps made since April 2026.
        raise TokenRefused("invalid_request")
    if asked.get("grant_type") == _EXCHANGE:
        kinds = (asked.get("subject_token_type"), asked.get("requested_token_type"))
        if kinds != (_ID_TOKEN, _OFFLINE):
            raise TokenRefused("invalid_request")
        token = str(asked.get("subject_token", ""))
        check_id_token(token, shop, settings.shopify_key, settings.shopify_secret)
        return installation.exchange_id_token(shop)
    return installation.exchange_code(shop, str(asked.get("code", "")))
