"""What came back: how many mails, why, and offers that wait for it."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.queries.returned import load_causes, load_latest
from app.services.brakes import WINDOW, braked_since, figures, let_go
from app.web.admin import returned_words as words
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.guards import runtime

blueprint = Blueprint("returned", __name__)


@blueprint.get("/returned")
@merchant
def page(seen: Merchant) -> str:
    return _drawn(seen, seen.shop.brake)


@blueprint.post("/returned/go-on")
@merchant
def go_on(seen: Merchant) -> str:
    """200 in any case: offers go on. What waited leaves with the next look."""
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        freed = let_go(session, seen.shop_id, at.clock.now(), seen.user)
    if freed:
        at.queue.kick("work")
    done = "Offers go on. What left before now is not counted any more." if freed else "Nothing was waiting."
    return _drawn(seen, None, done)


def _drawn(seen: Merchant, brake: str | None, done: str = "") -> str:
    at = runtime()
    now, zone = at.clock.now(), seen.shop.timezone
    with at.database.shops(seen.shop_id) as session:
        found = figures(session, seen.shop_id, now, whole=True)
        causes = load_causes(session, seen.shop_id, now - WINDOW)
        latest = load_latest(session, seen.shop_id, now - WINDOW)
        since = braked_since(session, seen.shop_id)
        changes = latest_changes(session, seen, "brake")
    return render_template(
        "admin/returned.html",
        seen=seen,
        page="settings",
        brake=brake,
        title=words.title_of(brake) if brake else "",
        told=words.since_when(brake, since, zone, now) if brake else "",
        mend=words.mend(brake) if brake else (),
        status=words.status_line(found),
        lines=words.lines_of(causes),
        latest=words.mails_of(latest),
        changes=changes,
        done=done,
    )
