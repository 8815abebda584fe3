"""The back office's own page of an app's plans: choose one, approve or decline what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.settings import Settings
from sandbox.shopify import plans
from sandbox.shopify.oauth import installation
from sandbox.shopify.oauth.pages import Pages
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhooks import Announcer, new_event_id

TOPIC = "app_subscriptions/update"


def plan_routes(
    current: Callable[[], Shop], pages: Pages, settings: Settings, announcer: Announcer
) -> Blueprint:
    routes = Blueprint("plans", __name__)
    known = ("doorstep", settings.shopify_key)

    @routes.get("/store/<handle>/charges/<app>/pricing_plans")
    def choose(handle: str, app: str) -> AnyResponse:
        if app not in known or installation.installed_scopes(current()) is None:
            return pages.problem("There is no such app in this shop.", 404)
        now = {one["plan_handle"] for one in plans.active(current())}
        return pages.plans(plans.OFFERS, now, request.path)

    @routes.get("/store/<handle>/charges/<app>/pricing_plans/<plan>")
    def look(handle: str, app: str, plan: str) -> AnyResponse:
        offer = plans.BY_HANDLE.get(plan)
        if app not in known or offer is None or installation.installed_scopes(current()) is None:
            return pages.problem("There is no such plan.", 404)
        return pages.approve_plan(offer)

    @routes.post("/store/<handle>/charges/<app>/pricing_plans/<plan>")
    def decide(handle: str, app: str, plan: str) -> AnyResponse:
        shop, offer = current(), plans.BY_HANDLE.get(plan)
        if app not in known or offer is None or installation.installed_scopes(shop) is None:
            return pages.problem("There is no such plan.", 404)
        back = f"/store/{handle}/apps/{app}"
        if request.form.get("decision") != "approve":
            _tell(shop, plans.decline(shop, offer))
            return redirect(back, 303)
        _tell(shop, plans.approve(shop, offer))
        return redirect(f"{back}/plan?{urlencode({'plan_handle': plan})}", 303)

    @routes.post("/sandbox/plan")
    def happens() -> Response:
        """What nobody clicks: `{"status": "FROZEN"}`."""
        shop = current()
        changed = plans.set_status(shop, str((request.get_json(silent=True) or {}).get("status", "")))
        _tell(shop, changed)
        return jsonify([one["status"] for one in changed])

    def _tell(shop: Shop, changed: list[dict[str, Any]]) -> None:
        for one in changed:
            announcer.announce(shop, (TOPIC,), plans.message(shop, one), new_event_id())

    return routes
