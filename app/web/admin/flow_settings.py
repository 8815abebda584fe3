"""A merchant sets what no wait depends on: from which amount, how much off, what is told at all."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, request

from app.services import changes
from app.services.changes import Stale
from app.services.knobs import knobs_now, turn
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import Turned, flow_body, flow_named
from app.web.admin.knob_fields import loose_knobs, problem_with, read, said
from app.web.guards import runtime
from flows.steps import Knob, KnobKind

blueprint = Blueprint("flow_settings", __name__)

SETTINGS = "settings"


@blueprint.post("/flows/<key>/settings")
@merchant
def save(seen: Merchant, key: str) -> Response:
    """200 set, 409 somebody else set it meanwhile, 422 a value that cannot be. A form may send one of the
    knobs or several; a switch sends itself alone."""
    of, currency = flow_named(key), seen.shop.currency
    knobs = [knob for knob in loose_knobs(of) if knob.key in request.form]
    if not knobs:
        abort(400, "nothing is set")
    given = {knob.key: request.form[knob.key] for knob in knobs}
    values = {knob.key: read(knob, given[knob.key], currency) for knob in knobs}
    problems = {
        knob.key: problem for knob in knobs if (problem := problem_with(knob, values[knob.key], currency))
    }
    if problems:
        return flow_body(seen, of, Turned(SETTINGS, given, problems), 422)
    wanted = {name: value for name, value in values.items() if value is not None}
    now = runtime().clock.now()
    try:
        with runtime().database.shops(seen.shop_id) as session:
            present = knobs_now(session, seen.shop_id, of)
            turn(session, seen.shop_id, of, wanted, {**present, **_was(knobs, currency)}, now)
            words = _words(knobs, wanted, present, currency)
            if words:
                changes.record(session, seen.shop_id, now, seen.user, f"flow:{of.key}", words)
    except Stale as stale:
        return flow_body(seen, of, Turned(SETTINGS, given, stale=stale.present), 409)
    return flow_body(seen, of, Turned(SETTINGS, done=words or "Nothing was changed."))


def _was(knobs: list[Knob], currency: str) -> dict[str, int]:
    """Where they stood when the form was opened; what cannot be read stood where it stands."""
    found = {knob.key: read(knob, request.form.get(f"was_{knob.key}", ""), currency) for knob in knobs}
    return {name: value for name, value in found.items() if value is not None}


def _words(knobs: list[Knob], wanted: Mapping[str, int], present: Mapping[str, int], currency: str) -> str:
    """What was set, in one sentence; "" where all stood so already."""
    parts = [
        f"{knob.meaning.partition(';')[0]}: {said(knob, wanted[knob.key], currency)}"
        + ("" if knob.kind is KnobKind.YES_NO else f", was {said(knob, present[knob.key], currency)}")
        for knob in knobs
        if wanted[knob.key] != present[knob.key]
    ]
    return f"{'; '.join(parts)}." if parts else ""
