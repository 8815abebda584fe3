"""The same pages on the store's own domain: the store forwards what visitors ask there, signed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from app.web import arrival, order_link, review, review_list, tracking, tracking_lookup, unsubscribe
from app.web.front import Front
from app.web.guards import runtime, through_store

blueprint = Blueprint("proxy", __name__, url_prefix="/proxy/<any(shopify, woocommerce):platform>")


def ping(front: Front) -> Response:
    """Tells us that what is asked of the store reaches us, is about this shop, and where it was asked."""
    told = runtime().keys.pong(front.shop_id, request.args.get("asked", "")[:100], front.base)
    return Response(told, mimetype="text/plain", headers={"Cache-Control": "no-store"})


# Name, method, address, and what a link has to be signed for; such a page gets what the link carries.
_PAGES: tuple[tuple[str, str, str, str | None, Callable[..., AnyResponse]], ...] = (
    ("ping", "GET", "/ping", None, ping),
    ("tracking_page", "GET", "/t/<token>", "tracking", tracking.show),
    ("order_link", "GET", "/o/<order_id>/<proof>", None, order_link.follow),
    ("lookup_form", "GET", "/track", None, tracking_lookup.ask),
    ("lookup", "POST", "/track", None, tracking_lookup.look_up),
    ("review_form", "GET", "/r/<token>", "review", review.show),
    ("send_review", "POST", "/r/<token>", "review", review.store),
    ("arrival", "GET", "/a/<token>", "arrival", arrival.show),
    ("say_arrival", "POST", "/a/<token>", "arrival", arrival.store),
    ("preferences", "GET", "/u/<token>", "unsubscribe", unsubscribe.show),
    ("change_preferences", "POST", "/u/<token>", "unsubscribe", unsubscribe.choose),
    ("reviews", "GET", "/reviews.json", None, review_list.listing),
)

for _name, _method, _path, _purpose, _page in _PAGES:
    blueprint.add_url_rule(_path, _name, through_store(_purpose)(_page), methods=[_method])
