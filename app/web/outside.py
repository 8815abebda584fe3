"""Where other tools tell us what they sent: signed with the shop's own secret, repeated as they like."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, request
from redis.exceptions import RedisError
from sqlalchemy import Row

from app.limits import Limit, within
from app.models.shop import UNINSTALLED
from app.queries.shops import shop_of_token
from app.services.outside import BadReport, count_sends, entries_in_json, is_signed
from app.web.guards import note_refusal, raw_body, runtime, worn

View = TypeVar("View", bound=Callable[..., Any])
Answer = tuple[dict[str, Any], int]

blueprint = Blueprint("outside", __name__)

LARGEST = 256 * 1024
A_MINUTE = 120
TIME, SIGNATURE = "X-Doorstep-Time", "X-Doorstep-Signature"
TOLD = 20  # of what was refused, so much is said


def from_a_tool(view: View) -> View:
    """Only who holds the secret that Settings shows, and just now. The view gets the shop and the body."""

    @wraps(view)
    def guarded(shop_token: str) -> Any:
        at, body = runtime(), raw_body(LARGEST)
        seconds, signature = request.headers.get(TIME, ""), request.headers.get(SIGNATURE, "")
        with at.database.nobody() as session:
            shop = shop_of_token(session, shop_token)
        salt = shop.outside_salt if shop is not None else ""
        secret = at.keys.outside_secret(shop_token, salt)
        signed = is_signed(secret, seconds, signature, body, at.clock.real())
        if not signed or shop is None or shop.state == UNINSTALLED:
            note_refusal(401, "not signed with the secret of a connected shop")
            return {"error": "not signed with the secret of a connected shop, for now"}, 401
        return view(shop, body)

    return worn(cast(View, guarded), "signed report: what another tool sent")


@blueprint.post("/sends/<shop_token>")
@from_a_tool
def report(shop: Row[Any], body: bytes) -> Answer:
    at = runtime()
    if not _may_report(shop.id):
        return {"error": f"at most {A_MINUTE} reports in a minute"}, 429
    try:
        entries = entries_in_json(body)
    except BadReport as problem:
        return {"error": str(problem)}, 422
    with at.database.shops(shop.id) as session:
        counted = count_sends(session, at.keys, shop.id, entries, shop.timezone, at.clock.now())
    return {
        "new": counted.new,
        "known": counted.known,
        "old": counted.old,
        "refused": [{"place": place, "why": why} for place, why in counted.refused[:TOLD]],
    }, 200


def _may_report(shop_id: int) -> bool:
    """Without Redis nobody counts; what a report may hold is bounded all the same."""
    at = runtime()
    try:
        limit = Limit("outside-sends", str(shop_id), A_MINUTE, 60)
        return within(at.queue.redis, [limit], at.clock.real())
    except RedisError:
        return True
