"""Connection: whether a WooCommerce shop lets us in, what is in the way, what was mended, and its plugin."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from app.queries.connection import load_health
from app.services.connect_check import look_soon
from app.web.admin import connection_words as words
from app.web.admin.doors import Merchant, merchant
from app.web.admin.home_words import ago
from app.web.admin.reconnect import reconnect_at
from app.web.guards import runtime
from flows.commerce import Platform

blueprint = Blueprint("connection", __name__)


@blueprint.get("/connection")
@merchant
def page(seen: Merchant) -> str:
    return _drawn(seen, "admin/connection.html")


@blueprint.post("/connection/look")
@merchant
def look(seen: Merchant) -> str:
    """Has the store looked at now. The work is a job's: a store may take its time."""
    _only_woocommerce(seen)
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        look_soon(session, seen.shop_id, at.clock.real())
    at.queue.kick("work")
    return _drawn(seen, "admin/connection_body.html")


def _drawn(seen: Merchant, template: str) -> str:
    _only_woocommerce(seen)
    at, real = runtime(), runtime().clock.real()
    with at.database.shops(seen.shop_id) as session:
        health = load_health(session, seen.shop_id, real)
    findings = words.findings_of(health)
    return render_template(
        template,
        seen=seen,
        page="connection",
        health=health,
        state=words.state_of(health, findings, real),
        findings=words.finding_lines(findings),
        messages=words.message_lines(health, real),
        plugin=words.plugin_lines(health, real),
        checked=ago(real - health.checked_at) if health.checked_at else "",
        reconnect_at=reconnect_at(seen.platform, seen.shop.domain, at.config),
        moved=next((one.facts["to"] for one in findings if one.key == "moved" and "to" in one.facts), ""),
        contact=at.config.support_email,
    )


def _only_woocommerce(seen: Merchant) -> None:
    """Shopify says by itself what is wrong with a connection."""
    if seen.platform is not Platform.WOOCOMMERCE:
        abort(404)
