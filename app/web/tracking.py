"""Where is my parcel: the shopper's page, by a signed link, without login and without a script."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from app.queries.facts import load_shops
from app.queries.pictures import load_pictures
from app.web.guards import runtime, signed_link
from app.web.tracking_view import view_of

blueprint = Blueprint("tracking", __name__)


@blueprint.get("/t/<token>")
@signed_link("tracking")
def page(carried: tuple[int, str], token: str) -> str:
    shop_id, order_id = carried
    with runtime().database.shops(shop_id) as session:
        shop = load_shops(session, [shop_id]).get(shop_id)
        picture = load_pictures(session, [(shop_id, order_id)]).get((shop_id, order_id))
    if shop is None or picture is None:
        abort(404)
    return render_template("tracking.html", view=view_of(shop, picture))
