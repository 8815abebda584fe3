"""Control routes for what only this platform has: the shop's own mails, and what is done with the plugin."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request

from sandbox.store import Refusal
from sandbox.woocommerce.leaving import leave
from sandbox.woocommerce.own_mails import own_mails
from sandbox.woocommerce.plugin_messages import say
from sandbox.woocommerce.rest.shops import CurrentShop

_DEMANDS = ("export", "erase")
_LEAVING = {"disconnect": "disconnected", "uninstall": "uninstalled"}


def plugin_controls(shop_of: CurrentShop, origins: Mapping[str, str]) -> Blueprint:
    routes = Blueprint("plugin_controls", __name__, url_prefix="/sandbox")

    @routes.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        return jsonify(error=refusal.message), refusal.status

    @routes.get("/mails")
    def mails() -> Response:
        return jsonify(own_mails(shop_of()))

    @routes.post("/plugin/<action>")
    def act(action: str) -> Response:
        """`export` and `erase` of the person with an `email`, as WordPress's tools ask for; `disconnect` and
        `uninstall`. `status`: what the app answered, 0 nothing."""
        if action in _LEAVING:
            return jsonify(status=leave(shop_of(), origins, _LEAVING[action]))
        if action not in _DEMANDS:
            raise Refusal(404, f"the plugin knows: {', '.join((*_DEMANDS, *_LEAVING))}")
        email = (request.get_json(silent=True) or {}).get("email")
        if not isinstance(email, str):
            raise Refusal(400, "`email` is missing")
        status, said = say(shop_of(), origins, action, {"email": email})
        return jsonify(status=status, answer=said)

    return routes
