"""A mail as its reader would see it, on a real order."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from app.services.preview import order_numbered, preview
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import flow_named
from app.web.admin.flow_mail import in_light, send_named
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from emails.i18n import languages

blueprint = Blueprint("flow_preview", __name__)

PARTS = {"light": "Light", "dark": "Dark", "text": "Text only"}
WIDTHS = {"375": "Phone", "640": "Desktop"}


@blueprint.get("/flows/<key>/preview/<step>")
@merchant
def show(seen: Merchant, key: str, step: str) -> Response:
    of = flow_named(key)
    send = send_named(of, step)
    number = request.args.get("order", "").replace("\0", "").strip()[:60]
    part, width = _one_of(PARTS, "part"), _one_of(WIDTHS, "width")
    language = request.args.get("language", "")
    if language not in languages():
        language = ""
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        order_id = order_numbered(session, seen.shop_id, number) if number else None
        missing = bool(number) and order_id is None
        shown = preview(
            session,
            at.sender(),
            seen.shop_id,
            send.template,
            order_id=order_id,
            language=language or None,
            keys=at.keys,
            now=at.clock.now(),
        )
    page = render_template(
        "admin/flow_preview.html",
        seen=seen,
        page="flows",
        flow=of,
        send=send,
        words=FLOW_WORDS[of.key],
        shown=shown,
        html=in_light(shown.mail.html, dark=part == "dark"),
        number=number,
        missing=missing,
        part=part,
        width=width,
        language=language,
        parts=PARTS,
        widths=WIDTHS,
        languages=languages(),
    )
    return make_response(page, 404 if missing else 200)


def _one_of(known: dict[str, str], name: str) -> str:
    chosen = request.args.get(name, "")
    return chosen if chosen in known else next(iter(known))
