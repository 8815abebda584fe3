"""Where is my order, without the mail: its number, and the e-mail address or postcode.

Unknown order, wrong address and unknown shop are answered alike, and by the same work.
"""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, redirect, request
from redis.exceptions import RedisError
from werkzeug.wrappers import Response as AnyResponse

from app.limits import Limit, within
from app.models.shop import UNINSTALLED
from app.queries.lookup import find_order
from app.queries.shops import find_shop
from app.web.front import Front
from app.web.guards import open_to_all, runtime
from app.web.shopper_page import answer, nobodys_page, shop_page

blueprint = Blueprint("tracking_lookup", __name__)

NO_SHOP = 0
LONGEST = 200
_REASON = "shows an order only to who knows its number and address; tries are counted"


@blueprint.get("/s/<domain>/track")
@open_to_all(_REASON)
def form(domain: str) -> Response:
    return ask(_hosted(domain))


@blueprint.post("/s/<domain>/track")
@open_to_all(_REASON)
def find(domain: str) -> AnyResponse:
    return look_up(_hosted(domain))


def ask(front: Front) -> Response:
    return _page(front)


def look_up(front: Front) -> AnyResponse:
    number, proof = _field("number"), _field("proof")
    missing = [name for name, value in (("number", number), ("proof", proof)) if not value]
    if missing:
        return _page(front, number=number, proof=proof, missing=missing)
    at = runtime()
    try:
        if not within(at.queue.redis, _limits(front, number), at.clock.real()):
            return _page(front, 429, number=number, proof=proof, problem="often")
    except RedisError:
        return _page(front, 503, number=number, proof=proof, problem="away")
    with at.database.shops(front.shop_id) as session:
        order_id = find_order(session, front.shop_id, number, proof)
    # Signed in either case, so that a hit takes no longer than a miss.
    token = at.keys.sign("tracking", [front.shop_id, order_id or secrets.token_hex(6)])
    if order_id is None:
        return _page(front, number=number, proof=proof, problem="miss")
    return redirect(f"{front.base}/t/{token}", 303)


def _hosted(domain: str) -> Front:
    with runtime().database.nobody() as session:
        shop = find_shop(session, domain.replace("\0", ""))
    known = shop is not None and shop.state != UNINSTALLED
    return Front(shop.id if known and shop is not None else NO_SHOP)


def _limits(front: Front, number: str) -> tuple[Limit, ...]:
    def hashed(value: str) -> str:
        return runtime().keys.address_hash(front.shop_id, value)[:32]

    return (
        Limit("lookup-visitor", hashed(f"visitor {front.visitor()}"), 5, 60),
        Limit("lookup-order", hashed(f"order {number.lstrip('#').strip()}"), 10, 3600),
        Limit("lookup-shop", str(front.shop_id), 600, 60),
    )


def _page(
    front: Front,
    status: int = 200,
    *,
    number: str = "",
    proof: str = "",
    missing: list[str] | None = None,
    problem: str = "",
) -> Response:
    with runtime().database.shops(front.shop_id) as session:
        page = shop_page(session, front)
    if page is None:
        language = request.accept_languages.best_match(["en", "de"]) or "en"
        page = nobodys_page(front, language)
    action = request.path if front.whole else f"{front.base}/track"
    return answer(
        page,
        "lookup.html",
        "forms",
        status,
        action=action,
        number=number,
        proof=proof,
        missing=missing or [],
        problem=problem,
    )


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()[:LONGEST]
