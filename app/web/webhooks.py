"""Where stores tell us what happened: verified, stored, acknowledged."""

from __future__ import annotations

from flask import Blueprint

from app.services.ack import Door, accept, count_drop
from app.web.guards import runtime, signed_webhook
from connectors.base import Verified
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
    return _take(Door(Platform.WOOCOMMERCE, token=shop_token), verified, body)


def _take(door: Door, verified: Verified, body: bytes) -> Answer:
    at = runtime()
    if verified.ignored is not None:
        return {"outcome": f"ignored:{verified.ignored}"}, 200
    outcome = accept(at.database, door, verified, body, at.clock.real())
    if outcome == "unknown_shop":
        count_drop(at.database, door.platform, outcome, at.clock.real())
    if outcome == "stored":
        at.queue.nudge()
    return {"outcome": outcome}, 200
