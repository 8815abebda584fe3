"""GET /bulk-results/<operation>.jsonl: the file of a bulk operation, whole or by ranges."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Blueprint, Response, abort, request, send_file

from sandbox.shopify import bulk
from sandbox.shopify.shop import Shop


def bulk_routes(current: Callable[[], Shop]) -> Blueprint:
    routes = Blueprint("bulk", __name__)

    @routes.get("/bulk-results/<number>.jsonl")
    def results(number: str) -> Response:
        shop = current()
        operation = shop.read("bulk_operation", number)
        signed = request.args.get("expires", ""), request.args.get("signature", "")
        if operation is None or not bulk.opens(operation, *signed):
            abort(403, "The address is not signed, or no longer good.")
        text = bulk.text_of(shop, operation).encode("utf-8")
        return send_file(io.BytesIO(text), mimetype="application/jsonl", conditional=True)

    return routes
