"""What the merchant writes for a flow's mails: for the whole shop, a category or a product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.db import Session
from app.queries.content import Entry, entries_of
from app.queries.sold import categories_of, products_titled
from app.services import changes
from app.services.changes import Stale
from app.services.content import (
    LONGEST_BODY,
    LONGEST_TITLE,
    LONGEST_URL,
    Place,
    Unfit,
    place_of,
    put,
    remove,
)
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import flow_named
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from app.words.slots import SLOTS, Slot
from flows.flow import Flow

blueprint = Blueprint("flow_content", __name__)

LIMITS = {"title": LONGEST_TITLE, "body": LONGEST_BODY, "url": LONGEST_URL}


@blueprint.get("/flows/<key>/content/<slot>")
@merchant
def content(seen: Merchant, key: str, slot: str) -> str:
    """Without a scope: what there is, and what else it may be written for."""
    of, what = flow_named(key), _slot(key, slot)
    if "scope" not in request.args:
        return _list(seen, of, what)
    with runtime().database.shops(seen.shop_id) as session:
        place, name = _place(session, seen, what, request.args)
        entry = _entry(session, seen, place)
    given = {"title": entry.title, "body": entry.body, "url": entry.url} if entry else {}
    return _form(seen, of, what, place, name, given, entry.revision if entry else 0)


@blueprint.post("/flows/<key>/content/<slot>")
@merchant
def save(seen: Merchant, key: str, slot: str) -> Response:
    """200 kept, 409 somebody else wrote meanwhile, 422 what no mail can carry."""
    of, what, now = flow_named(key), _slot(key, slot), runtime().clock.now()
    given = {field: request.form.get(field, "") for field in LIMITS}
    revision = _revision()
    with runtime().database.shops(seen.shop_id) as session:
        place, name = _place(session, seen, what, request.form)
        try:
            changed = put(session, seen.shop_id, place, given, revision, now)
        except Unfit as unfit:
            page = _form(seen, of, what, place, name, given, revision, problems=unfit.problems)
            return make_response(page, 422)
        except Stale as stale:
            theirs = int(stale.present["revision"])
            page = _form(seen, of, what, place, name, given, theirs, stale=stale.present)
            return make_response(page, 409)
        if changed:
            _record(session, seen, of, f"{what.title} for {name} was written.")
    done = f"Kept: {what.title} for {name}." if changed else "Nothing was changed."
    return make_response(_list(seen, of, what, done=done))


@blueprint.post("/flows/<key>/content/<slot>/remove")
@merchant
def take_out(seen: Merchant, key: str, slot: str) -> Response:
    """200 removed or gone already, 409 somebody else wrote meanwhile."""
    of, what = flow_named(key), _slot(key, slot)
    with runtime().database.shops(seen.shop_id) as session:
        place, name = _place(session, seen, what, request.form)
        try:
            gone = remove(session, seen.shop_id, place, _revision())
        except Stale as stale:
            theirs = f"{name}: {stale.present['title'] or 'words without a heading'}"
            return make_response(_list(seen, of, what, stale=theirs), 409)
        if gone is not None:
            _record(session, seen, of, f"{what.title} for {name} was removed.")
    back = {**gone, "scope": place.scope, "id": place.scope_id, "revision": 0} if gone is not None else None
    done = f"Removed: {what.title} for {name}." if gone is not None else "It was gone already."
    return make_response(_list(seen, of, what, done=done, back=back))


def _slot(key: str, slot: str) -> Slot:
    """404 for what the flow's mails do not hold."""
    found = next((one for one in SLOTS.get(key, ()) if one.key == slot), None)
    return found if found is not None else abort(404)


def _place(session: Session, seen: Merchant, what: Slot, given: Mapping[str, str]) -> tuple[Place, str]:
    """404 for a product that the shop does not have, and for what is no scope."""
    found = place_of(session, seen.shop_id, what.key, given.get("scope", ""), given.get("id", ""))
    return found if found is not None else abort(404)


def _entry(session: Session, seen: Merchant, place: Place) -> Entry | None:
    entries = entries_of(session, seen.shop_id, [place.slot])
    return next((one for one in entries if (one.scope, one.scope_id) == (place.scope, place.scope_id)), None)


def _revision() -> int:
    written = request.form.get("revision", "0")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _record(session: Session, seen: Merchant, of: Flow, words: str) -> None:
    changes.record(session, seen.shop_id, runtime().clock.now(), seen.user, f"flow:{of.key}", words)


def _list(
    seen: Merchant,
    of: Flow,
    what: Slot,
    *,
    done: str = "",
    stale: str = "",
    back: Mapping[str, Any] | None = None,
) -> str:
    wanted = request.args.get("q", "").strip()[:200]
    with runtime().database.shops(seen.shop_id) as session:
        return render_template(
            "admin/flow_content.html",
            seen=seen,
            page="flows",
            flow=of,
            words=FLOW_WORDS[of.key],
            slot=what,
            entries=entries_of(session, seen.shop_id, [what.key]),
            categories=categories_of(session, seen.shop_id),
            wanted=wanted,
            products=products_titled(session, seen.shop_id, wanted) if wanted else [],
            done=done,
            stale=stale,
            back=back,
        )


def _form(
    seen: Merchant,
    of: Flow,
    what: Slot,
    place: Place,
    name: str,
    given: Mapping[str, str],
    revision: int,
    *,
    problems: Mapping[str, str] | None = None,
    stale: Mapping[str, Any] | None = None,
) -> str:
    return render_template(
        "admin/flow_content_form.html",
        seen=seen,
        page="flows",
        flow=of,
        words=FLOW_WORDS[of.key],
        slot=what,
        place=place,
        name=name,
        given=given,
        revision=revision,
        limits=LIMITS,
        problems=problems or {},
        stale=stale,
    )
