"""Where stores tell us what happened: verified, stored, acknowledged."""

from __future__ import annotations

from flask import Blueprint, request

from app.services.ack import ANOTHER_SITE, Door, accept, count_drop, note_stray
from app.web.guards import runtime, signed_webhook
from connectors.base import Verified
from connectors.woocommerce.places import place
from connectors.woocommerce.webhooks import SOURCE
from flows.commerce import Platform

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

Answer = tuple[dict[str, str], int]


@blueprint.post("/shopify")
@signed_webhook(Platform.SHOPIFY)
def shopify(verified: Verified, body: bytes) -> Answer:
    return _take(Door(Platform.SHOPIFY, domain=verified.shop), verified, body)


@blueprint.post("/woocommerce/<shop_token>")
@signed_webhook(Platform.WOOCOMMERCE)
def woocommerce(verified: Verified, body: bytes, shop_token: str) -> Answer:
    """A copy of a shop tells of its own orders, with the shop's signature: nothing of that is stored."""
    source = place(request.headers.get(SOURCE, ""))
    return _take(Door(Platform.WOOCOMMERCE, token=shop_token, source=source), verified, body)


def _take(door: Door, verified: Verified, body: bytes) -> Answer:
    at = runtime()
    if verified.ignored is not None:
        return {"outcome": f"ignored:{verified.ignored}"}, 200
    outcome = accept(at.database, door, verified, body, at.clock.real())
    if outcome == ANOTHER_SITE:
        note_stray(at.database, door, at.clock.real())
        return {"outcome": f"ignored:{outcome}"}, 200
    if outcome == "unknown_shop":
        count_drop(at.database, door.platform, outcome, at.clock.real())
    if outcome == "stored":
        at.queue.nudge()
    return {"outcome": outcome}, 200
