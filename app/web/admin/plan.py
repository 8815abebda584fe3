"""The plan: what is used of it, what the others hold, and the way to Shopify's own page of plans."""

from __future__ import annotations

import logging

from flask import Blueprint, abort, render_template, request

from app.queries.plan import load_usage
from app.services.billing import read_plan
from app.services.polls import PLAN, poke
from app.web.admin import plan_words as words
from app.web.admin.doors import Merchant, merchant
from app.web.admin.home_words import ago
from app.web.guards import runtime
from app.web.sandbox_front import for_browser
from app.words.plans import EVERY_PLAN, PLANS
from connectors.base import StoreError
from connectors.shopify.billing import plans_page

blueprint = Blueprint("plan", __name__)

log = logging.getLogger("doorstep.web")


@blueprint.get("/plan")
@merchant
def page(seen: Merchant) -> str:
    """Shopify brings merchants back here and names a plan in the address. Nothing is believed of that and
    nothing changed by it; the page has Shopify asked."""
    _billed(seen)
    return _drawn(seen, ask="plan_handle" in request.args)


@blueprint.post("/plan/read")
@merchant
def read(seen: Merchant) -> str:
    _billed(seen)
    at, real = runtime(), runtime().clock.real()
    try:
        with at.database.shops(seen.shop_id) as session:
            store = at.stores().open(session, seen.shop_id, real)
        if store is not None:
            read_plan(at.database, at.stores(), seen.shop_id, store, real)
    except StoreError as error:
        log.warning("the plan could not be read: %s", error)
        with at.database.shops(seen.shop_id) as session:
            poke(session, seen.shop_id, PLAN, real)
        return _drawn(seen, answered=False)
    return _drawn(seen, answered=True)


def _billed(seen: Merchant) -> None:
    """Where nothing is billed there is no such page."""
    if not seen.shop.billed:
        abort(404)


def _drawn(seen: Merchant, *, ask: bool = False, answered: bool | None = None) -> str:
    """`ask`: the page has the platform asked as soon as it is there. `answered`: whether it just was."""
    at = runtime()
    zone = seen.shop.timezone
    with at.database.shops(seen.shop_id) as session:
        usage = load_usage(session, {seen.shop_id: zone}, at.clock.now())[seen.shop_id]
    asked = ago(at.clock.real() - usage.verified_at) if usage.verified_at else ""
    return render_template(
        "admin/plan.html",
        seen=seen,
        page="plan",
        usage=usage,
        status=words.status(usage, zone),
        warned=words.warned(usage, zone),
        plans=PLANS,
        every_plan=EVERY_PLAN,
        own=usage.plan not in PLANS,
        choose_at=for_browser(plans_page(seen.shop.domain, at.config.shopify_app_handle), at.config.origins),
        ask=ask,
        answered=answered,
        asked=asked,
    )
