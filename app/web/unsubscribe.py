"""Out in one step: a page with one button for people, a POST for mail programs (RFC 8058)."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from app.queries.facts import load_shops
from app.services.unsubscribe import unsubscribe
from app.web.guards import runtime, signed_link
from emails.i18n import Texts, nearest

blueprint = Blueprint("unsubscribe", __name__)

Carried = tuple[int, int, str, str]


@blueprint.get("/u/<token>")
@signed_link("unsubscribe")
def ask(carried: Carried, token: str) -> str:
    """Changes nothing: mail scanners open every link."""
    return _page(carried[0], token, done=False)


@blueprint.post("/u/<token>")
@signed_link("unsubscribe")
def confirm(carried: Carried, token: str) -> str:
    _leave(carried)
    return _page(carried[0], token, done=True)


@blueprint.post("/u/<token>/one-click")
@signed_link("unsubscribe")
def one_click(carried: Carried, token: str) -> tuple[dict[str, str], int]:
    """Needs no cookie, no login and no redirect."""
    _leave(carried)
    return {"outcome": "unsubscribed"}, 200


def _leave(carried: Carried) -> None:
    shop_id, message_id, mail_class, address_hash = carried
    at = runtime()
    unsubscribe(at.database, shop_id, message_id, mail_class, address_hash, at.clock.now())


def _page(shop_id: int, token: str, *, done: bool) -> str:
    at = runtime()
    with at.database.shops(shop_id) as session:
        shop = load_shops(session, [shop_id]).get(shop_id)
    if shop is None:
        abort(404)
    t = Texts(nearest(shop.locale), markup=False)
    return render_template("unsubscribe.html", shop=shop.name or shop.domain, t=t, token=token, done=done)
