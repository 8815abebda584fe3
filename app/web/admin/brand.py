"""The brand page: logo, colours, type, sender and contact, with a mail beside it that wears them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.db import Session
from app.queries.brand import Kit, load_kits
from app.services import brand as kits
from app.services.brand_choice import LARGEST_RADIUS, NAMES, WORDS, checked
from app.services.brand_logo import set_logo
from app.services.changes import latest
from app.services.letter import brand_of
from app.services.logo import MOST_BYTES, Logo, NotALogo, logo_from
from app.services.preview import preview
from app.web.admin.brand_words import corrections
from app.web.admin.doors import Merchant, merchant
from app.web.guards import runtime
from app.words.moments import moment
from emails.elsewhere import MOST
from emails.fonts import DEFAULT, FONTS
from emails.message import Brand
from flows.wallclock import zone_named

blueprint = Blueprint("brand", __name__)

SHOWN = "order_confirmation/confirmation"
DAY, NIGHT = "logo", "night_logo"
AREAS = 64 * 1024  # what a form may have besides its file


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form: as stored, or as typed where it could not be saved. `theirs`: by field,
    what somebody else has saved meanwhile."""

    values: Mapping[str, str]
    revision: int
    errors: Mapping[str, str]
    theirs: Mapping[str, str]
    saved: bool = False


@blueprint.get("/brand")
@merchant
def page(seen: Merchant) -> str:
    with runtime().database.shops(seen.shop_id) as session:
        kit = _kit(session, seen)
        shown = _shown(session, seen, kit)
        changes = latest(session, seen.shop_id, kits.AREA)
    return render_template(
        "admin/brand.html",
        seen=seen,
        page="brand",
        kit=kit,
        changes=changes,
        zone=zone_named(seen.shop.timezone).key,
        moment=moment,
        logo_errors={},
        **shown,
        **_form(seen, kit, Fields(_written(kit), kit.revision, {}, {})),
    )


@blueprint.post("/brand")
@merchant
def save(seen: Merchant) -> Response:
    typed = {name: request.form.get(name, "") for name in NAMES}
    revision = request.form.get("revision", "")
    known = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else -1
    choice, errors = checked(typed)
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        kit = _kit(session, seen)
        if errors:
            return _answer(seen, kit, Fields(typed, known, errors, {}), 422)
        try:
            kit = kits.save(session, seen.shop_id, known, choice, seen.user, at.clock.now())
        except kits.Stale as stale:
            mine, stored = _written(choice.on(stale.kit)), _written(stale.kit)
            theirs = {name: stored[name] for name in NAMES if mine[name] != stored[name]}
            return _answer(seen, stale.kit, Fields(typed, stale.kit.revision, {}, theirs), 409)
    return _answer(seen, kit, Fields(_written(kit), kit.revision, {}, {}, saved=True), 200)


@blueprint.post("/brand/preview")
@merchant
def look(seen: Merchant) -> str:
    """How a mail would look with what stands in the form; nothing is stored."""
    choice, errors = checked({name: request.form.get(name, "") for name in NAMES})
    with runtime().database.shops(seen.shop_id) as session:
        stored = _kit(session, seen)
        kept = {name: getattr(stored, name) for name in errors}
        shown = _shown(session, seen, choice.keeping(kept).on(stored))
    return render_template("admin/brand_look.html", seen=seen, **shown)


@blueprint.post("/brand/<which>")
@merchant
def logo(seen: Merchant, which: str) -> Response:
    """404 for a picture that a brand does not have."""
    _known(which)
    request.max_content_length = MOST_BYTES + AREAS
    try:
        sent = request.files.get("logo")
        picture = logo_from(sent.read(MOST_BYTES + 1) if sent else b"")
    except RequestEntityTooLarge:
        return _logo_answer(
            seen, which, "This file is larger than 2 MB. Save the logo at about 600 pixels wide."
        )
    except NotALogo as error:
        return _logo_answer(seen, which, str(error))
    return _chosen(seen, which, picture)


@blueprint.post("/brand/<which>/remove")
@merchant
def remove_logo(seen: Merchant, which: str) -> Response:
    _known(which)
    return _chosen(seen, which, None)


def _known(which: str) -> None:
    if which not in (DAY, NIGHT):
        abort(404)


def _chosen(seen: Merchant, which: str, picture: Logo | None) -> Response:
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        set_logo(session, seen.shop_id, picture, seen.user, at.clock.now(), night=which == NIGHT)
    return _logo_answer(seen, which)


def _kit(session: Session, seen: Merchant) -> Kit:
    return load_kits(session, [seen.shop_id]).get(seen.shop_id, Kit())


def _written(kit: Kit) -> dict[str, str]:
    """The kit as its form holds it."""
    values = {name: getattr(kit, name) for name in NAMES}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _shown(session: Session, seen: Merchant, kit: Kit) -> dict[str, object]:
    at = runtime()
    seen_mail = preview(session, at.sender(), seen.shop_id, SHOWN, keys=at.keys, now=at.clock.now(), kit=kit)
    html = seen_mail.mail.html
    return {
        "preview": seen_mail,
        "as_light": html.replace(_DARK, "@media not all"),
        "as_dark": html.replace(_DARK, "@media all"),
        "corrections": corrections(kit, seen_mail.brand),
    }


_DARK = "@media (prefers-color-scheme: dark)"


def _form(seen: Merchant, kit: Kit, fields: Fields) -> dict[str, object]:
    at = runtime()
    stored = brand_of(seen.shop, Kit(), at.sender())
    return {
        "fields": fields,
        "store": stored,
        "default": Brand("", "", "", ""),
        "fonts": FONTS,
        "default_font": DEFAULT,
        "sender": stored.sender,
        "words": WORDS,
        "largest_radius": LARGEST_RADIUS,
        "most_places": MOST,
    }


def _answer(seen: Merchant, kit: Kit, fields: Fields, status: int) -> Response:
    """The form's fields again, with whatever was typed."""
    page = render_template("admin/brand_fields.html", seen=seen, **_form(seen, kit, fields))
    return make_response(page, status)


def _logo_answer(seen: Merchant, which: str, error: str = "") -> Response:
    with runtime().database.shops(seen.shop_id) as session:
        kit = _kit(session, seen)
    page = render_template("admin/brand_logo.html", seen=seen, kit=kit, logo_errors={which: error})
    answer = make_response(page, 422 if error else 200)
    if not error:
        answer.headers["HX-Trigger"] = "look"
    return answer
