"""The signed click redirect: the target is in the signed token, so it can lead nowhere else."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any

import segno
from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app.services.clicks import record_click
from app.services.letter_links import LONGEST_IN_A_SQUARE
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


@blueprint.get("/qr/<token>.png")
@signed_link("click")
def square(carried: tuple[Any, ...], token: str) -> Response:
    """The link of that token as a picture for a phone's camera. A mail program that loads it is no reader, so
    nothing is noted."""
    link = f"{runtime().config.address}/l/{token}"
    if len(link) > LONGEST_IN_A_SQUARE:
        abort(404)
    answer = Response(mimetype="image/png")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    answer.set_etag(sha256(link.encode()).hexdigest()[:32])
    if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
        answer.status_code = 304
    else:
        answer.set_data(_drawn(link))
    return answer


@lru_cache(maxsize=512)
def _drawn(link: str) -> bytes:
    """Up to 2 kB. Drawing takes 7 to 35 ms, and all who load the picture of one mail load the same."""
    png = BytesIO()
    segno.make(link, error="l", micro=False).save(png, kind="png", scale=5, border=2)
    return png.getvalue()
