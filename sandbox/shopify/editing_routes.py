"""Control routes that only this platform has: editing customers, products and the shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.shopify.actions import editing
from sandbox.shopify.actions.change import Change
from sandbox.store import Refusal


def editing_routes(change: Callable[[], Change]) -> Blueprint:
    """`change` begins an action in the shop of the current request."""
    routes = Blueprint("editing", __name__, url_prefix="/sandbox")

    @routes.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        return jsonify(error=refusal.message), refusal.status

    @routes.post("/customers/<email>")
    def customer(email: str) -> Response:
        return jsonify(editing.edit_customer(change(), email, _body()))

    @routes.post("/customers/<email>/consent")
    def consent(email: str) -> Response:
        return jsonify(editing.set_consent(change(), email, str(_body().get("state"))))

    @routes.post("/customers/<email>/delete")
    def delete_customer(email: str) -> Response:
        return jsonify(editing.delete_customer(change(), email))

    @routes.post("/products")
    def add_product() -> Response:
        return jsonify(editing.add_product(change(), _body()))

    @routes.post("/products/<slug>")
    def product(slug: str) -> Response:
        return jsonify(editing.edit_product(change(), slug, _body()))

    @routes.post("/products/<slug>/delete")
    def delete_product(slug: str) -> Response:
        return jsonify(editing.delete_product(change(), slug))

    @routes.post("/shop")
    def shop() -> Response:
        return jsonify(editing.edit_shop(change(), _body()))

    @routes.post("/release")
    def release() -> Response:
        """Messages that the quirk `hold` kept back go out now."""
        at = change()
        return jsonify(
            released=0 if at.announcer is None else at.announcer.deliveries.release(at.shop.domain)
        )

    return routes


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(body, dict):
        raise Refusal(400, "the body must be a JSON object")
    return body
