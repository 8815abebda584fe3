"""For our block in the pages of the checkout and of customers' accounts: where an order is tracked.

These pages run on the platform's own address and bring a token that the platform signed. It proves the
shop and, for whoever is logged in, the customer. Nobody else sees an order without its confirmation
number, a random word that stands on the page that the buyer came to by paying.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, abort, jsonify, request
from redis.exceptions import RedisError

from app.limits import Limit, used_up, within
from app.models.shop import UNINSTALLED
from app.queries.facts import load_products
from app.queries.pictures import load_pictures
from app.queries.shops import shop_by_domain
from app.services.pages import page_address
from app.services.visits import ACCOUNT
from app.web.front import Front
from app.web.guards import note_refusal, runtime, worn
from app.web.shopper_page import open_page
from app.web.tracking_view import view_of
from app.web.visits import note_visit
from connectors.base import Refused
from connectors.page_token import from_header
from connectors.shopify.shopper_token import read_shopper_token
from flows.commerce import Order, OrderState, Platform

View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint("storefront_api", __name__, url_prefix="/shopper")

MINUTE, HOUR = 60, 3_600
PREFLIGHT_SECONDS = 7_200
MOST_OF_A_SHOP = 1_200  # a minute
_ORDER = re.compile(r"(?:gid://shopify/(?:Order|OrderIdentity)/)?([0-9]{1,20})")


@dataclass(frozen=True, slots=True)
class Shopper:
    """`customer_id`: who is logged in, None: nobody."""

    shop_id: int
    customer_id: str | None


def shopper_page(view: View) -> View:
    """Only a page of a connected shop's checkout or customer accounts. The view gets `seen: Shopper`."""

    @wraps(view)
    def guarded() -> Any:
        at = runtime()
        try:
            token = from_header(request.headers.get("Authorization"))
            told = read_shopper_token(token, at.shopify_keys(), at.clock.real())
        except Refused as refused:
            note_refusal(refused.status, refused.reason)
            abort(refused.status)
        with at.database.nobody() as session:
            shop = shop_by_domain(session, Platform.SHOPIFY, told.shop)
        if shop is None or shop.state == UNINSTALLED:
            abort(401)
        return view(Shopper(shop.id, told.customer_id))

    return worn(cast(View, guarded), "shopper's page: a session token of the shop's checkout or account")


@blueprint.after_request
def from_anywhere(response: Response) -> Response:
    """These pages have no origin of their own to be named here; the token is what lets them in, and no
    cookie is ever looked at."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return response


@blueprint.get("/tracking.json")
@shopper_page
def tracking(seen: Shopper) -> Response | tuple[Response, int]:
    """Unknown, another shop's, another customer's: one answer, 404."""
    try:
        if not _may_ask(seen):
            return jsonify(error="too often"), 429
        found = _found(seen)
        if found is None:
            within(runtime().queue.redis, [_misses(seen)], runtime().clock.real())
    except RedisError:
        return jsonify(error="not available"), 503
    if found is None:
        return jsonify(error="not found"), 404
    if seen.customer_id is not None:
        note_visit(seen.shop_id, _order_id(), ACCOUNT)
    return jsonify(found)


def _found(seen: Shopper) -> dict[str, str] | None:
    at, key = runtime(), (seen.shop_id, _order_id())
    with at.database.shops(seen.shop_id) as session:
        picture = load_pictures(session, [key]).get(key)
        if picture is None or not _is_theirs(picture.order, seen):
            return None
        page = open_page(session, Front(seen.shop_id), picture.order.locale)
        wanted = {(seen.shop_id, line.product_id) for line in picture.order.lines if line.product_id}
        products = {product_id: one for (_, product_id), one in load_products(session, wanted).items()}
    token = at.keys.sign("tracking", [seen.shop_id, picture.order.id])
    return {
        "url": page_address(at.config.address, page.shop, f"t/{token}"),
        "headline": view_of(picture, products, page.speech).state.headline,
    }


def _is_theirs(order: Order, seen: Shopper) -> bool:
    if order.state is OrderState.GONE:
        return False
    if seen.customer_id is not None:
        return order.customer_id == seen.customer_id
    told = request.args.get("confirmation", "").strip().upper().encode("utf-8", "replace")
    return bool(order.confirmation) and hmac.compare_digest(order.confirmation.upper().encode(), told)


def _order_id() -> str:
    """The platform's number in whichever form a page knows it; "" for what is none."""
    found = _ORDER.fullmatch(request.args.get("order", ""))
    return found[1] if found else ""


def _may_ask(seen: Shopper) -> bool:
    """What one visitor asks beyond the own limits is not counted against all others. Raises RedisError."""
    redis, real = runtime().queue.redis, runtime().clock.real()
    return (
        within(redis, [Limit("ui-visitor", _visitor(seen), 30, MINUTE)], real)
        and not used_up(redis, _misses(seen), real)
        and within(redis, [Limit("ui-shop", str(seen.shop_id), MOST_OF_A_SHOP, MINUTE)], real)
    )


def _misses(seen: Shopper) -> Limit:
    return Limit("ui-misses", _visitor(seen), 40, HOUR)


def _visitor(seen: Shopper) -> str:
    told = Front(seen.shop_id).visitor(runtime().config.trusted_proxies)
    return runtime().keys.address_hash(seen.shop_id, f"visitor {told}")[:32]
