"""Orders of before the connection: how many could be asked, and the press that agrees to as many."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.services.backfill import DAYS, MOST, Asked, NotAsked, OtherCount, backfill, count, why_not
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import flow_named
from app.web.admin.flow_words import counted
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from flows.earlier import MAY_ASK
from flows.flow import Flow

blueprint = Blueprint("flow_earlier", __name__)


@blueprint.get("/flows/<key>/earlier")
@merchant
def earlier(seen: Merchant, key: str) -> str:
    return _page(seen, _flow(key), _days())


@blueprint.post("/flows/<key>/earlier")
@merchant
def ask(seen: Merchant, key: str) -> Response:
    """200 asked, 409 there are not as many as were seen, or none can be asked for now."""
    of, days, at = _flow(key), _days(), runtime()
    agreed = request.form.get("count", "")
    if not (agreed.isascii() and agreed.isdecimal() and len(agreed) <= 6):
        abort(400, "a press agrees to a number of orders")
    now = at.clock.now()
    since = now - timedelta(days=days)
    try:
        with at.database.shops(seen.shop_id) as session:
            asked = backfill(
                session, seen.shop_id, of.key, since, now, at.keys, who=seen.user, seen=int(agreed)
            )
    except NotAsked:
        return make_response(_page(seen, of, days), 409)
    except OtherCount:
        words = "Nothing was asked yet: the number has changed meanwhile. Here is the new one."
        return make_response(_page(seen, of, days, stale=words), 409)
    return make_response(_page(seen, of, days, done=_done(asked)))


def _page(seen: Merchant, of: Flow, days: int, *, done: str = "", stale: str = "") -> str:
    at = runtime()
    now = at.clock.now()
    with at.database.shops(seen.shop_id) as session:
        refused = why_not(session, seen.shop_id, of.key)
        since = now - timedelta(days=days)
        found = 0 if done else count(session, seen.shop_id, of.key, since, now, at.keys)
    return render_template(
        "admin/flow_earlier.html",
        seen=seen,
        page="flows",
        flow=of,
        words=FLOW_WORDS[of.key],
        days=days,
        choices=DAYS,
        count=found,
        orders=counted(found, "earlier order", "earlier orders"),
        most=found == MOST,
        refused=refused,
        done=done,
        stale=stale,
    )


def _flow(key: str) -> Flow:
    """404 for a flow that makes no sense for earlier orders."""
    return flow_named(key) if key in MAY_ASK else abort(404)


def _days() -> int:
    given = request.values.get("days", "")
    return next((days for days in DAYS if str(days) == given), DAYS[-1])


def _done(asked: Asked) -> str:
    if not asked.begun and asked.over:
        return "Nobody was asked: the month's orders of your plan are used up."
    if not asked.begun:
        return "Nobody was left to ask."
    words = f"{counted(asked.begun, 'earlier order is', 'earlier orders are')} in this flow now."
    return f"{words} Your plan had no room for {asked.over:,} more." if asked.over else words
