"""The logos that mails show."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort
from sqlalchemy import text

from app.queries.shops import shop_at
from app.web.guards import open_to_all, runtime

blueprint = Blueprint("brand_pictures", __name__)

_HASH = re.compile(r"[0-9a-f]{32}")


@blueprint.get("/brand/<path:domain>/<name>.png")
@open_to_all("a logo that the shop chose to show in its mails, under a name that its bytes gave it")
def logo(domain: str, name: str) -> Response:
    """Those of earlier kits and of shops that have left too: mails that have gone out still show them."""
    at = runtime()
    with at.database.nobody() as session:
        shop = shop_at(session, domain)
    if shop is None or not _HASH.fullmatch(name):
        abort(404)
    with at.database.shops(shop.id) as session:
        png = session.execute(
            text("SELECT png FROM brand_logos WHERE shop_id = :shop AND hash = :hash"),
            {"shop": shop.id, "hash": name},
        ).scalar_one_or_none()
    if png is None:
        abort(404)
    answer = Response(bytes(png), mimetype="image/png")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer
