"""The control routes that both fake stores serve: what a merchant or the world does, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.store import CurrentFront, OrderRequest, Refusal

_TEXTS = ("email", "first_name", "last_name", "gift_note", "discount_code", "payment")


def control_routes(front: CurrentFront, open_shop: Callable[[str], None]) -> Blueprint:
    """`open_shop(domain)` opens a throw-away shop; opening one that is open changes nothing."""
    routes = Blueprint("control", __name__, url_prefix="/sandbox")

    @routes.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        return jsonify(error=refusal.message), refusal.status

    @routes.post("/orders")
    def place_order() -> Response:
        placed = front().place_order(order_request(_body()))
        return jsonify(id=placed.id, number=placed.number, line_ids=list(placed.line_ids))

    @routes.get("/orders")
    def orders() -> Response:
        return jsonify([asdict(order) for order in front().orders()])

    @routes.get("/orders/<order_id>")
    def order(order_id: str) -> Response:
        return jsonify(asdict(front().order(order_id)))

    @routes.post("/orders/<order_id>/<action>")
    def act(order_id: str, action: str) -> Response:
        return jsonify(front().act(order_id, action, **_body()))

    @routes.get("/deliveries")
    def deliveries() -> Response:
        return jsonify(front().deliveries())

    @routes.post("/put")
    def put() -> Response:
        body = _body()
        if not isinstance(body.get("noun"), str) or not isinstance(body.get("body"), dict):
            raise Refusal(400, "`noun` must be a text and `body` an object")
        return jsonify(id=front().put(body["noun"], body["body"]))

    @routes.post("/quirks")
    def quirks() -> Response:
        return jsonify(front().set_quirks(_body()))

    @routes.post("/shops")
    def shops() -> Response:
        domain = _body().get("domain")
        if not isinstance(domain, str) or not domain:
            raise Refusal(400, "`domain` is missing")
        open_shop(domain)
        return jsonify(domain=domain)

    @routes.post("/uninstall")
    def uninstall() -> Response:
        front().uninstall()
        return jsonify(uninstalled=True)

    return routes


def order_request(body: Mapping[str, Any]) -> OrderRequest:
    """Raises Refusal 400 where a field is unknown or has the wrong type."""
    unknown = set(body) - {"lines", "accepts_marketing", *_TEXTS}
    if unknown:
        raise Refusal(400, f"unknown: {', '.join(sorted(unknown))}")
    texts = {name: body[name] for name in _TEXTS if body.get(name) is not None}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise Refusal(400, f"`{name}` must be a text")
    return OrderRequest(
        lines=tuple(wanted_pieces(body.get("lines"), "sku")),
        accepts_marketing=bool(body.get("accepts_marketing", False)),
        **texts,
    )


def wanted_pieces(lines: Any, key: str) -> list[tuple[str, int]]:
    """[{key: "A", "quantity": 2}, ...] as [("A", 2), ...]. Raises Refusal 400."""
    if not isinstance(lines, list) or not lines:
        raise Refusal(400, "`lines` must be a list with at least one line")
    pieces = []
    for line in lines:
        name = line.get(key) if isinstance(line, dict) else None
        quantity = line.get("quantity", 1) if isinstance(line, dict) else None
        if not isinstance(name, str | int) or type(quantity) is not int or quantity < 1:
            raise Refusal(400, f"a line needs `{key}` and a whole `quantity` of at least 1")
        pieces.append((str(name), quantity))
    return pieces


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(body, dict):
        raise Refusal(400, "the body must be a JSON object")
    return body
