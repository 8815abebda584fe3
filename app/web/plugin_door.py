"""What our plugin in a WooCommerce shop tells us: what just changed, that it leaves, and demands by law."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, abort, request
from redis.exceptions import RedisError
from sqlalchemy import Row

from app.limits import Limit, within
from app.queries.shops import shop_by_token
from app.services.ack import count_drop
from app.services.plugin_hints import ASKED, TOO_MANY, UNKNOWN_SHOP, take_hint
from app.services.plugin_left import leave
from app.services.plugin_privacy import ask_to_forget, tell_person
from app.web.guards import note_refusal, raw_body, runtime, worn
from connectors.base import Refused
from connectors.woocommerce.plugin_message import SIGNATURE, Message, read_email, read_hint, read_message
from flows.commerce import Platform

View = TypeVar("View", bound=Callable[..., Any])
Answer = tuple[dict[str, Any], int]

blueprint = Blueprint("plugin_door", __name__, url_prefix="/woocommerce/plugin/<shop_token>")

LARGEST = 64 * 1024
HINTS_A_MINUTE = 600
_FLOOD = "hint_flood"


def from_plugin(action: str) -> Callable[[View], View]:
    """Only the plugin of the shop that the path names: signed with that shop's own secret, for this action
    and for now. The view gets the shop, None where there is none (any more), and the message."""

    def wear(view: View) -> View:
        @wraps(view)
        def guarded(shop_token: str) -> Any:
            at, body = runtime(), raw_body(LARGEST)
            headers = {name.lower(): value for name, value in request.headers.items()}
            secret = at.keys.plugin_secret(shop_token)
            try:
                message = read_message(action, headers, body, secret, at.clock.real())
                with at.database.nobody() as session:
                    shop = shop_by_token(session, Platform.WOOCOMMERCE, shop_token)
                return view(shop, message)
            except Refused as refused:
                note_refusal(refused.status, refused.reason)
                return {"error": refused.reason}, refused.status

        return worn(cast(View, guarded), f"signed plugin message: {action}")

    return wear


@blueprint.post("/hint")
@from_plugin("hint")
def hint(shop: Row[Any] | None, message: Message) -> Answer:
    """Stored as a read that we owe; the sweep is woken and has it made at once."""
    at, told = runtime(), read_hint(message)
    if shop is None:
        return {"outcome": UNKNOWN_SHOP}, 200
    if not told.of_interest:
        return {"outcome": "ignored:checkout_draft"}, 200
    taken = take_hint(at.database, shop.id, told, at.clock.real()) if _may_hint(shop.id) else TOO_MANY
    if taken == TOO_MANY:
        count_drop(at.database, Platform.WOOCOMMERCE, _FLOOD, at.clock.real())
        note_refusal(429, f"shop {shop.id} sends more hints than orders can be read; webhooks tell the rest")
        return {"outcome": taken, "error": "more hints than we read; webhooks tell us the rest"}, 429
    if taken == ASKED:
        at.queue.nudge()
    return {"outcome": taken}, 200


@blueprint.post("/left")
@from_plugin("left")
def left(shop: Row[Any] | None, message: Message) -> Answer:
    """The plugin has taken back our keys and webhooks by itself, so nothing is asked of the store."""
    if shop is None:
        return {"outcome": UNKNOWN_SHOP}, 200
    at = runtime()
    return {"outcome": leave(at.database, shop.token, shop.id, message.at, at.clock.now())}, 200


@blueprint.post("/export")
@from_plugin("export")
def export(shop: Row[Any] | None, message: Message) -> Answer:
    """Also after we have left: what is held is told until it is forgotten."""
    at, email = runtime(), read_email(message)
    if shop is None:
        abort(404)
    key = f"wordpress:{request.headers[SIGNATURE]}"
    return {"groups": tell_person(at.database, at.keys, shop.id, email, key, at.clock.real())}, 200


@blueprint.post("/erase")
@from_plugin("erase")
def erase(shop: Row[Any] | None, message: Message) -> Answer:
    at, email = runtime(), read_email(message)
    if shop is None:
        abort(404)
    ask_to_forget(at.database, at.keys, shop.id, email, at.clock.real())
    at.queue.nudge()
    return {"removed": True, "kept": False, "messages": []}, 200


def _may_hint(shop_id: int) -> bool:
    """Without Redis nobody counts; how many may wait at a time is bounded all the same."""
    at = runtime()
    try:
        limit = Limit("plugin-hints", str(shop_id), HINTS_A_MINUTE, 60)
        return within(at.queue.redis, [limit], at.clock.real())
    except RedisError:
        return True
