"""How the REST routes answer: bodies, headers and errors in the platform's form."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from sandbox.woocommerce.php_json import encode
from sandbox.woocommerce.shop import Shop

COLLECTION = "GET, POST"
ITEM = "GET, POST, PUT, PATCH, DELETE"


class RestError(Exception):
    """`data`: what stands under that name; an integer only where the platform itself slips."""

    def __init__(self, status: int, code: str, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "data": data or {"status": status}}


def no_route() -> RestError:
    return RestError(404, "rest_no_route", "No route was found matching the URL and request method.")


def bad_parameter(name: str, message: str) -> RestError:
    details = {name: {"code": "rest_invalid_param", "message": message, "data": None}}
    data = {"status": 400, "params": {name: message}, "details": details}
    return RestError(400, "rest_invalid_param", f"Invalid parameter(s): {name}", data)


def answer(shop: Shop, body: Any, allow: str, status: int = 200) -> Response:
    """`_fields=a,b` keeps only those names."""
    fields = [name.strip() for name in request.args.get("_fields", "").split(",") if name.strip()]
    if fields and isinstance(body, list):
        body = [_only(entry, fields) for entry in body]
    elif fields:
        body = _only(body, fields)
    response = Response(encode(body), status, content_type="application/json; charset=UTF-8")
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = f'<{shop.home}/wp-json/>; rel="https://api.w.org/"'
    response.headers["Allow"] = allow
    return response


def refusal(shop: Shop | None, error: RestError) -> Response:
    response = Response(encode(error.body), error.status, content_type="application/json; charset=UTF-8")
    response.headers["X-Robots-Tag"] = "noindex"
    if shop is not None:
        response.headers["Allow"] = ITEM if request.path.rsplit("/", 1)[-1].isdecimal() else COLLECTION
        response.headers["Link"] = f'<{shop.home}/wp-json/>; rel="https://api.w.org/"'
    return response


def sent() -> dict[str, Any]:
    """The JSON object (or form) that a writing call carries."""
    body = request.get_json(silent=True, force=True) if request.get_data() else {}
    return body if isinstance(body, dict) else dict(request.form)


def _only(entry: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name in fields}
