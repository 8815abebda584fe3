"""The versions of a mail that were published, what each changed, and the way back to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.queries.mail_versions import Version
from app.services.changes import Stale
from app.services.mail_versions import BEFORE, Content, standing, version_numbered
from app.services.texts import Unfit
from app.web.admin.doors import Merchant, merchant
from app.web.admin.mail_changes import Difference, differences
from app.web.admin.mail_editor import links_of, looked_at, publish_now
from app.web.admin.mail_editor_page import Place, Told, page_of, place_of
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from app.words.moments import short

blueprint = Blueprint("mail_editor_history", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """`when` is on the shop's own clock."""

    version: Version
    when: str
    changed: Sequence[Difference]


@blueprint.get("/flows/<key>/mail/<step>/history")
@merchant
def history(seen: Merchant, key: str, step: str) -> str:
    place, at = place_of(seen, key, step), runtime()
    with at.database.shops(seen.shop_id) as session:
        stood = standing(session, place.mail)
    earlier_ones = [*stood.published[1:], None] if stood.published else []
    return render_template(
        "admin/mail_history.html",
        seen=seen,
        page="flows",
        place=place,
        flow=place.flow,
        words=FLOW_WORDS[place.flow.key],
        stood_seen=stood.seen,
        before=BEFORE,
        entries=[
            Entry(
                one,
                short(one.saved_at, seen.shop.timezone, at.clock.now()),
                differences(place.template, place.mail.fields, earlier, one),
            )
            for one, earlier in zip(stood.published, earlier_ones, strict=True)
        ],
    )


@blueprint.post("/flows/<key>/mail/<step>/restore")
@merchant
def restore(seen: Merchant, key: str, step: str) -> Response:
    """200 published again as a new version, 404 no such version, 409 somebody else wrote meanwhile, 422 it
    would look wrong by now."""
    place = place_of(seen, key, step)
    number, opened_at = request.form.get("number", ""), request.form.get("seen", "")
    with runtime().database.shops(seen.shop_id) as session:
        stood = standing(session, place.mail)
        known = number.isascii() and number.isdecimal() and len(number) < 10
        version = version_numbered(stood, int(number)) if known else None
        if version is None:
            abort(404)
        content = Content(version.words, version.mail)
        if stood.seen != opened_at:
            return make_response(page_of(session, seen, place, told=Told(stale=True)), 409)
        try:
            found, blocks = looked_at(session, seen, place, content, stood.live)
        except Unfit as unfit:
            return _refused(seen, place, Told(problems=unfit.problems))
    problems, notes = links_of(blocks)
    if found or problems:
        return _refused(seen, place, Told(problems=problems, faults=found, notes=notes))
    try:
        return publish_now(seen, place, content, opened_at, notes, f"version {number} again")
    except Stale:
        return _stale(seen, place)


def _refused(seen: Merchant, place: Place, told: Told) -> Response:
    with runtime().database.shops(seen.shop_id) as session:
        return make_response(page_of(session, seen, place, told=told), 422)


def _stale(seen: Merchant, place: Place) -> Response:
    with runtime().database.shops(seen.shop_id) as session:
        return make_response(page_of(session, seen, place, told=Told(stale=True)), 409)
