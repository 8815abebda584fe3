"""POST /admin/api/<version>/graphql.json"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from sandbox.schema import API_VERSION
from sandbox.shopify.admin_api.asking import Asking
from sandbox.shopify.admin_api.engine import Engine
from sandbox.shopify.oauth.installation import scopes_of
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhooks import Announcer

_WHO = "[API] Invalid API key or access token (unrecognized login or wrong password)"

_CLOSED = {
    "gone": ("Not Found", 404),
    "frozen": ("Unavailable Shop", 402),
    "locked": ("Shop is locked", 423),
}


def admin_api_routes(
    current: Callable[[], Shop], engine: Engine, announcer: Announcer | None = None
) -> Blueprint:
    routes = Blueprint("admin_api", __name__)

    @routes.post("/admin/api/<version>/graphql.json")
    def graphql(version: str) -> tuple[Response, int]:
        if version != API_VERSION:
            return jsonify(errors="Not Found"), 404
        shop = current()
        closed = next((_CLOSED[name] for name in _CLOSED if shop.quirks().get(name)), None)
        if closed:
            return jsonify(errors=closed[0]), closed[1]
        scopes = scopes_of(shop, request.headers.get("X-Shopify-Access-Token", ""))
        if scopes is None:
            return jsonify(errors=_WHO), 401
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            return jsonify(errors={"query": "Required parameter missing or invalid"}), 400
        variables = body.get("variables") or {}
        if not isinstance(variables, dict):
            return jsonify(errors={"variables": "must be an object"}), 400
        name = body.get("operationName")
        asking = Asking(shop, scopes, announcer, engine.answer_whole)
        answer = jsonify(engine.answer(asking, body["query"], variables, name))
        answer.headers["X-Shopify-API-Version"] = version
        return answer, 200

    return routes
