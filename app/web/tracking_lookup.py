"""Where is my order, without the mail: its number, and the e-mail address or postcode.

Unknown order and wrong address are answered alike, and by the same work.
"""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, abort, redirect, request
from redis.exceptions import RedisError
from werkzeug.wrappers import Response as AnyResponse

from app.limits import Limit, used_up, within
from app.queries.lookup import bare_number, find_order
from app.queries.shops import open_shop_at
from app.web.front import Front
from app.web.guards import open_to_all, runtime
from app.web.shopper_page import answer, open_page

blueprint = Blueprint("tracking_lookup", __name__)

MINUTE, HOUR, DAY = 60, 3_600, 86_400
LONGEST = 200
_REASON = "shows an order only to who knows its number and address; tries are counted"


@blueprint.get("/s/<path:domain>/track")
@open_to_all(_REASON)
def form(domain: str) -> Response:
    return ask(_hosted(domain))


@blueprint.post("/s/<path:domain>/track")
@open_to_all(_REASON)
def find(domain: str) -> AnyResponse:
    return look_up(_hosted(domain))


def ask(front: Front) -> Response:
    """A link may bring the order's number; the proof is always typed."""
    return _page(front, number=_kept(request.args.get("number", "")))


def look_up(front: Front) -> AnyResponse:
    number, proof = _field("number"), _field("proof")
    missing = [name for name, value in (("number", number), ("proof", proof)) if not value]
    if missing:
        return _page(front, number=number, proof=proof, missing=missing)
    at = runtime()
    try:
        if not _may_try(front, number):
            return _page(front, 429, number=number, proof=proof, problem="often")
        with at.database.shops(front.shop_id) as session:
            order_id = find_order(session, front.shop_id, number, proof)
        if order_id is None:
            within(at.queue.redis, [_misses(front)], at.clock.real())
    except RedisError:
        return _page(front, 503, number=number, proof=proof, problem="away")
    # Signed in either case, so that a hit takes no longer than a miss.
    token = at.keys.sign("tracking", [front.shop_id, order_id or secrets.token_hex(6)])
    if order_id is None:
        return _page(front, number=number, proof=proof, problem="miss")
    return redirect(f"{front.base}/t/{token}", 303)


def _hosted(domain: str) -> Front:
    with runtime().database.nobody() as session:
        shop = open_shop_at(session, domain)
    if shop is None:
        abort(404)
    return Front(shop.id)


def _may_try(front: Front, number: str) -> bool:
    """What one visitor tries beyond the own limits is not counted against all others. Raises RedisError."""
    at = runtime()
    redis, real = at.queue.redis, at.clock.real()
    return (
        within(redis, _of_visitor(front), real)
        and not used_up(redis, _misses(front), real)
        and within(redis, _of_all(front, number), real)
    )


def _of_visitor(front: Front) -> tuple[Limit, ...]:
    visitor = _hashed(front, f"visitor {front.visitor(runtime().config.trusted_proxies)}")
    return Limit("lookup-visitor", visitor, 5, MINUTE), Limit("lookup-visitor-day", visitor, 50, DAY)


def _of_all(front: Front, number: str) -> tuple[Limit, ...]:
    order = _hashed(front, f"order {bare_number(number)}")
    return Limit("lookup-order", order, 10, HOUR), Limit("lookup-shop", str(front.shop_id), 600, MINUTE)


def _misses(front: Front) -> Limit:
    """However many addresses a guesser has."""
    return Limit("lookup-misses", str(front.shop_id), 60, MINUTE)


def _hashed(front: Front, value: str) -> str:
    return runtime().keys.address_hash(front.shop_id, value)[:32]


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
        page = open_page(session, front)
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
    return _kept(request.form.get(name, ""))


def _kept(value: str) -> str:
    return value.replace("\0", "").strip()[:LONGEST]
