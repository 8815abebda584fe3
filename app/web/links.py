"""The signed click redirect: the target is in the signed token, so it can lead nowhere else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.services.clicks import record_click
from app.web.guards import runtime, signed_link
from app.web.visits import reader

blueprint = Blueprint("links", __name__)


@blueprint.get("/l/<token>")
@signed_link("click")
def click(carried: tuple[Any, ...], token: str) -> Response:
    """Appends one event and sends the visitor on; the visitor is sent on even if it cannot be kept."""
    shop_id, message_id, target, *product = carried
    at = runtime()
    if request.method == "GET":
        now = at.clock.now()
        record_click(at.database, at.keys, shop_id, message_id, target, reader(), now, *product)
    return redirect(target)
