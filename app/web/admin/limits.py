"""Limits on mails: how many a shopper gets at most, when none, how fresh an order must be, and what other
tools of the shop sent."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.queries.outside import reported_to, told_lately
from app.services.changes import Stale
from app.services.limits import AREA, checked, fields_of, held_limits, save_limits
from app.services.outside import MOST_BYTES, BadReport, Counted, count_sends, entries_in_csv
from app.services.reporters import change_secret, remove_tool
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.fields import Fields
from app.web.guards import runtime
from app.words.moments import short
from flows.limits import BOUNDS

blueprint = Blueprint("limits", __name__)

_FORM = 64 * 1024  # beside the file
_TOLD = 5


@blueprint.get("/limits")
@merchant
def page(seen: Merchant) -> str:
    with runtime().database.shops(seen.shop_id) as session:
        limits, mark = held_limits(session, seen.shop_id)
        changes = latest_changes(session, seen, AREA)
    fields = Fields(fields_of(limits), mark, {}, {})
    return render_template(
        "admin/limits.html",
        changes=changes,
        **_drawn(seen, fields),
        **_reported(seen),
        said="",
        problem="",
        done="",
    )


@blueprint.post("/limits")
@merchant
def save(seen: Merchant) -> Response:
    """200 kept, 409 somebody else saved meanwhile, 422 something that cannot be."""
    form = {name: value for name, value in request.form.items() if len(value) <= 200}
    wanted, errors = checked(form)
    if errors:
        return _answer(seen, Fields(form, form.get("seen", ""), errors, {}), 422)
    at = runtime()
    try:
        with at.database.shops(seen.shop_id) as session:
            changed = save_limits(
                session, seen.shop_id, form.get("seen", ""), wanted, seen.user, at.clock.now()
            )
            limits, mark = held_limits(session, seen.shop_id)
    except Stale as stale:
        mine = fields_of(wanted)
        theirs = {name: str(value) for name, value in stale.present.items() if str(value) != mine[name]}
        with at.database.shops(seen.shop_id) as session:
            _, mark = held_limits(session, seen.shop_id)
        return _answer(seen, Fields(mine, mark, {}, theirs), 409)
    at.queue.nudge()
    said = "Saved." if changed else "Nothing was changed."
    return _answer(seen, Fields(fields_of(limits), mark, {}, {}, said), 200)


@blueprint.post("/limits/sends")
@merchant
def upload(seen: Merchant) -> Response:
    """A file of what another tool sent; the same file twice changes nothing."""
    request.max_content_length = MOST_BYTES + _FORM
    at = runtime()
    try:
        entries = entries_in_csv(_file())
    except RequestEntityTooLarge:
        return _uploaded(seen, problem="This file is larger than 2 MB. Send it in parts.")
    except BadReport as problem:
        return _uploaded(seen, problem=f"Nothing was taken: {problem}.")
    with at.database.shops(seen.shop_id) as session:
        now = at.clock.now()
        counted = count_sends(session, at.keys, seen.shop_id, entries, seen.shop.timezone, now)
    return _uploaded(seen, said=_said(counted))


@blueprint.post("/limits/secret")
@merchant
def rotate(seen: Merchant) -> Response:
    """The one before counts no more."""
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        change_secret(session, seen.shop_id, seen.user, at.clock.now())
    return _uploaded(seen, done="The secret is new. The one before counts no more.")


@blueprint.post("/limits/tools/remove")
@merchant
def remove(seen: Merchant) -> Response:
    """200 in any case: it is gone."""
    at, tool = runtime(), request.form.get("tool", "").replace("\0", "")
    with at.database.shops(seen.shop_id) as session:
        done = remove_tool(session, seen.shop_id, tool, seen.user, at.clock.now())
    at.queue.nudge()
    return _uploaded(seen, done=done or "Nothing was changed.")


def _file() -> bytes:
    """Raises RequestEntityTooLarge."""
    sent = request.files.get("sends")
    if sent is None:
        return b""
    with closing(sent):
        body: bytes = sent.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge
    return body


def _said(counted: Counted) -> str:
    parts = [f"{counted.new:,} new"]
    parts += [f"{counted.known:,} known already"] if counted.known else []
    parts += [f"{counted.old:,} older than a month"] if counted.old else []
    lines = [f"line {place + 1}: {why}" for place, why in counted.refused[:_TOLD]]
    if counted.refused:
        parts.append(f"{len(counted.refused):,} not taken ({'; '.join(lines)})")
    return f"{', '.join(parts)}."


def _answer(seen: Merchant, fields: Fields, status: int) -> Response:
    return make_response(render_template("admin/limits_fields.html", **_drawn(seen, fields)), status)


def _uploaded(seen: Merchant, said: str = "", problem: str = "", done: str = "") -> Response:
    """`said` of a file that was read, `done` of anything else."""
    told = {"said": said, "problem": problem, "done": done}
    page = render_template("admin/limits_sends.html", seen=seen, page="settings", **told, **_reported(seen))
    return make_response(page, 422 if problem else 200)


def _drawn(seen: Merchant, fields: Fields) -> dict[str, object]:
    return {"seen": seen, "page": "settings", "fields": fields, "bounds": BOUNDS}


def _reported(seen: Merchant) -> dict[str, object]:
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        tools = told_lately(session, seen.shop_id, at.clock.now())
        to = reported_to(session, seen.shop_id)
    return {
        "address": f"{at.config.address}/sends/{to.token}",
        "secret": at.keys.outside_secret(to.token, to.outside_salt),
        "tools": [(one.tool, f"{one.sent:,}", short(one.last, seen.shop.timezone)) for one in tools],
    }
