"""A mail in the merchant's own words."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from flask import Blueprint, Response, abort, make_response, render_template, request

from app.services import changes
from app.services.changes import Stale
from app.services.preview import preview
from app.services.texts import Unfit, Wording, reword, wordings
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import flow_named
from app.web.admin.flow_mail import in_light
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from emails.i18n import gaps_of, language_of, languages, nearest
from emails.own_words import EDITABLE
from flows.flow import Flow
from flows.steps import Send, steps_within

blueprint = Blueprint("flow_texts", __name__)


@blueprint.get("/flows/<key>/texts/<step>")
@merchant
def texts(seen: Merchant, key: str, step: str) -> str:
    return _page(seen, flow_named(key), send_named(flow_named(key), step), _language(seen))


@blueprint.post("/flows/<key>/texts/<step>")
@merchant
def save(seen: Merchant, key: str, step: str) -> Response:
    """200 kept, 409 somebody else wrote meanwhile, 422 a sentence that no mail can carry."""
    of, language = flow_named(key), _language(seen)
    send = send_named(of, step)
    fields = EDITABLE[send.template]
    given = {field.key: request.form.get(field.key, "") for field in fields}
    was = {field.key: request.form.get(f"was_{field.key}", "") for field in fields}
    now = runtime().clock.now()
    try:
        with runtime().database.shops(seen.shop_id) as session:
            changed = reword(session, seen.shop_id, language, fields, given, was, now)
            if changed:
                words = ", ".join(field.label.lower() for field in changed[:3])
                more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
                told = f"Text of the {_place(of, send)} mail ({_named(language)}): {words}{more}."
                changes.record(session, seen.shop_id, now, seen.user, f"flow:{of.key}", told)
    except Unfit as unfit:
        page = _page(seen, of, send, language, given, problems=unfit.problems)
        return make_response(page, 422)
    except Stale as stale:
        return make_response(_page(seen, of, send, language, given, stale=stale.present), 409)
    done = "Kept. Mails that leave from now on say it so." if changed else "Nothing was changed."
    return make_response(_page(seen, of, send, language, done=done))


def send_named(flow: Flow, step: str) -> Send:
    """404 for a step that is no mail of the flow."""
    node = flow.nodes.get(step)
    if node is None or not isinstance(node.step, Send):
        abort(404)
    return node.step


def _page(
    seen: Merchant,
    of: Flow,
    send: Send,
    language: str,
    given: Mapping[str, str] | None = None,
    *,
    problems: Mapping[str, str] | None = None,
    stale: Mapping[str, str] | None = None,
    done: str = "",
) -> str:
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        words = wordings(session, seen.shop_id, language, EDITABLE[send.template])
        shown = preview(
            session,
            at.sender(),
            seen.shop_id,
            send.template,
            language=language,
            keys=at.keys,
            now=at.clock.now(),
        )
    return render_template(
        "admin/flow_texts.html",
        seen=seen,
        page="flows",
        flow=of,
        send=send,
        words=FLOW_WORDS[of.key],
        place=_place(of, send),
        language=language,
        languages={name: _named(name) for name in languages()},
        shown=shown,
        html=in_light(shown.mail.html, dark=False),
        wordings=words,
        gaps={one.field.key: _gaps(language, one) for one in words},
        given=given,
        problems=problems or {},
        stale=stale or {},
        done=done,
    )


def _gaps(language: str, wording: Wording) -> str:
    return " ".join(f"{{{name}}}" for name in sorted(gaps_of(language, wording.field.key)))


def _language(seen: Merchant) -> str:
    """The chosen one, else the shop's own."""
    wanted = request.values.get("language", "")
    return wanted if wanted in languages() else language_of(nearest(seen.shop.locale or "en"))


def _named(language: str) -> str:
    return Locale.parse(language).get_display_name("en") or language


def _place(flow: Flow, send: Send) -> str:
    """Which of the flow's mails: first, second, ... or nothing where there is one."""
    sends = [step.key for step in steps_within(flow.steps) if isinstance(step, Send)]
    names = ("first", "second", "third", "fourth", "fifth")
    return names[sends.index(send.key)] if 1 < len(sends) <= len(names) else "one"
