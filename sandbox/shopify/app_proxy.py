"""The app proxy: which answers of the app become part of the theme, and what Liquid in them does."""

from __future__ import annotations

from collections.abc import Callable

from flask import request

from sandbox.app_proxy import Answer, Pairs, ProxyProblem, forward
from sandbox.settings import Settings
from sandbox.shopify.front import ShopifyFront
from sandbox.shopify.oauth import installation
from sandbox.shopify.oauth.signing import proxy_signature
from sandbox.storefront.app_pages import AppPage, AskApp

_LIQUID = "application/liquid"


def app_proxy(front: Callable[[], ShopifyFront], settings: Settings) -> AskApp:
    def sign(pairs: Pairs) -> str:
        return proxy_signature(pairs, settings.shopify_secret)

    def ask(path: str, email: str) -> AppPage:
        shop = front()
        if installation.installed_scopes(shop.shop) is None:
            raise ProxyProblem(404, "There is no such page here.")
        base = f"{settings.app_address}/proxy/shopify"
        answer = forward(request, base, path, shop.shop.domain, shop.customer_id(email), sign)
        return AppPage(answer, _rendered(answer) if answer.kind == _LIQUID else None)

    return ask


def _rendered(answer: Answer) -> str:
    """The platform would run what stands in Liquid's brackets, be it the app's or a shopper's words.
    Nothing of that is meant here, so every such bracket is an injection: the page says so."""
    text = answer.body.decode("utf-8", "replace")
    if "{{" in text or "{%" in text:
        raise ProxyProblem(500, "Liquid error: the app's answer holds Liquid of its own.")
    return text
