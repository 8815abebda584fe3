"""From an order's page in a WooCommerce shop to where its parcels are: the plugin there knows the order's
number and not our links, so it proves that it knows the order."""

from __future__ import annotations

from flask import abort, redirect
from sqlalchemy import text
from werkzeug.wrappers import Response

from app.web.front import Front
from app.web.guards import runtime
from connectors.woocommerce.plugin_message import is_proven
from flows.commerce import Platform


def follow(front: Front, order_id: str, proof: str) -> Response:
    """To the order's page. Whatever does not lead there leads to the look-up, so that nobody learns from the
    answer whether there is such an order: unproven, deleted, or one that we have not heard of yet."""
    if front.platform is not Platform.WOOCOMMERCE:
        abort(404)
    at = runtime()
    with at.database.shops(front.shop_id) as session:
        token = session.execute(_TOKEN, {"shop": front.shop_id}).scalar_one()
        known = is_proven(at.keys.plugin_secret(token), order_id, proof) and (
            session.execute(_ORDER, {"shop": front.shop_id, "order": order_id}).first() is not None
        )
    link = f"t/{at.keys.sign('tracking', [front.shop_id, order_id])}" if known else "track"
    answer = redirect(f"{front.base}/{link}", 302)
    answer.headers["Cache-Control"] = "no-store"
    return answer


_TOKEN = text("SELECT token FROM shops WHERE id = :shop")
_ORDER = text("SELECT 1 FROM orders WHERE shop_id = :shop AND id = :order AND body->>'state' <> 'gone'")
