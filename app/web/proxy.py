"""The same pages on the store's own domain: the store forwards what visitors ask there, signed."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from app.web import review, review_list, tracking, tracking_lookup, unsubscribe
from app.web.front import Front
from app.web.guards import runtime, through_store

blueprint = Blueprint("proxy", __name__, url_prefix="/proxy/<any(shopify, woocommerce):platform>")


@blueprint.get("/ping")
@through_store()
def ping(front: Front) -> Response:
    """Tells us that what is asked of the store reaches us, and is about this shop."""
    told = runtime().keys.pong(front.shop_id, request.args.get("asked", "")[:100])
    return Response(told, mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/t/<token>")
@through_store("tracking")
def tracking_page(front: Front, carried: tracking.Carried, token: str) -> Response:
    return tracking.show(front, carried)


@blueprint.get("/track")
@through_store()
def lookup_form(front: Front) -> Response:
    return tracking_lookup.ask(front)


@blueprint.post("/track")
@through_store()
def lookup(front: Front) -> AnyResponse:
    return tracking_lookup.look_up(front)


@blueprint.get("/r/<token>")
@through_store("review")
def review_form(front: Front, carried: review.Carried, token: str) -> Response:
    return review.show(front, carried, token)


@blueprint.post("/r/<token>")
@through_store("review")
def send_review(front: Front, carried: review.Carried, token: str) -> AnyResponse:
    return review.store(front, carried, token)


@blueprint.get("/u/<token>")
@through_store("unsubscribe")
def preferences(front: Front, carried: unsubscribe.Carried, token: str) -> Response:
    return unsubscribe.show(front, carried, token)


@blueprint.post("/u/<token>")
@through_store("unsubscribe")
def change_preferences(front: Front, carried: unsubscribe.Carried, token: str) -> Response:
    return unsubscribe.choose(front, carried, token)


@blueprint.get("/reviews.json")
@through_store()
def reviews(front: Front) -> Response:
    return review_list.listing(front.shop_id)
