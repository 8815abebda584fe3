"""A merchant tries a second subject of a mail beside the first, on the flow's page."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.services import changes
from app.services.groups import Unwanted
from app.services.trials import begin_trial, end_trial
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import Turned, flow_body, flow_named
from app.web.admin.flow_mail import send_named
from app.web.admin.trial_words import own_language
from app.web.guards import runtime
from emails.i18n import languages
from emails.own_words import our_second

blueprint = Blueprint("flow_trial", __name__)


@blueprint.post("/flows/<key>/trial/<step>")
@merchant
def begin(seen: Merchant, key: str, step: str) -> Response:
    """200 begun, 404 no such mail, 422 a subject that cannot be, or one is tried already."""
    of = flow_named(key)
    send, language = send_named(of, step), _language(seen)
    wanted = _wanted(send.template, language)
    at = runtime()
    now = at.clock.now()
    try:
        with at.database.shops(seen.shop_id) as session:
            subject = begin_trial(session, seen.shop_id, of, send, language, wanted, now)
            done = f"Half of the people get “{subject}” from now on."
            changes.record(session, seen.shop_id, now, seen.user, f"flow:{of.key}", done)
    except Unwanted as why:
        turned = Turned("trial", {"subject": wanted}, {step: str(why)})
        return flow_body(seen, of, turned, 422)
    return flow_body(seen, of, Turned(done=done))


@blueprint.post("/flows/<key>/trial/<step>/end")
@merchant
def end(seen: Merchant, key: str, step: str) -> Response:
    """200 in any case: it has ended."""
    of = flow_named(key)
    at = runtime()
    now, done = at.clock.now(), "Nothing was changed."
    with at.database.shops(seen.shop_id) as session:
        if end_trial(session, seen.shop_id, of, send_named(of, step).key, now):
            done = "The second subject is tried no longer. Who is under way keeps what they drew."
            changes.record(session, seen.shop_id, now, seen.user, f"flow:{of.key}", done)
    return flow_body(seen, of, Turned(done=done))


def _language(seen: Merchant) -> str:
    asked = request.form.get("language", "")
    return asked if asked in languages() else own_language(seen.shop)


def _wanted(template: str, language: str) -> str:
    """Ours stands in the field; left as it is, it is meant in whichever language is chosen."""
    given = request.form.get("subject", "")
    ours = {our_second(template, name) for name in languages()}
    return our_second(template, language) if given and given in ours else given
