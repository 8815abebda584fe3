"""Where is my parcel: the shopper's page, by a signed link, without login and without a script."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, abort

from app.queries.facts import load_products
from app.queries.pictures import load_pictures
from app.services.visits import TRACKING
from app.web.front import Front
from app.web.guards import runtime, signed_link
from app.web.shopper_page import ShopPage, answer, open_page
from app.web.tracking_view import view_of
from app.web.visits import note_visit

blueprint = Blueprint("tracking", __name__)

Carried = tuple[int, str]


@blueprint.get("/t/<token>")
@signed_link("tracking")
def page(carried: Carried, token: str) -> Response:
    return show(Front(carried[0]), carried, token)


def show(front: Front, carried: Carried, token: str) -> Response:
    shop_id, order_id = carried
    with runtime().database.shops(shop_id) as session:
        picture = load_pictures(session, [carried_key := (shop_id, order_id)]).get(carried_key)
        if picture is None:
            abort(404)
        found = open_page(session, front, picture.order.locale)
        wanted = {(shop_id, line.product_id) for line in picture.order.lines if line.product_id}
        products = {key[1]: one for key, one in load_products(session, wanted).items()}
    note_visit(shop_id, order_id, TRACKING)
    view = view_of(picture, products, found.speech)
    return answer(found, "tracking.html", "tracking", view=view, mailto=mail_to(found, view.number))


def mail_to(page: ShopPage, number: str) -> str:
    subject = page.speech.words("page.help.subject", number=number)
    return f"mailto:{quote(page.support, safe='@')}?subject={quote(subject)}"
