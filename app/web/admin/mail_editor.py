"""A merchant edits a mail: its words, its blocks, a block of their own; drafted, looked at, published."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, render_template, request

from app.db import Session
from app.services import changes
from app.services.changes import Stale
from app.services.every_variant import blocks_in
from app.services.mail_gate import Fault, faults, look_at_links
from app.services.mail_versions import (
    Content,
    drop_draft,
    keep_draft,
    publish,
    standing,
    words_of_shop,
)
from app.services.preview import Edited
from app.services.texts import Unfit
from app.web.admin.doors import Merchant, merchant
from app.web.admin.mail_editor_form import (
    OWN_HTML,
    Form,
    as_it_may_be,
    content_of,
    typed,
)
from app.web.admin.mail_editor_page import Place, Told, page_of, place_of, shown_of
from app.web.guards import runtime
from emails.i18n import languages
from emails.own_html.block import OwnBlock
from emails.own_html.refused import Refused

blueprint = Blueprint("mail_editor", __name__)


@blueprint.get("/flows/<key>/mail/<step>")
@merchant
def edit(seen: Merchant, key: str, step: str) -> str:
    place = place_of(seen, key, step)
    with runtime().database.shops(seen.shop_id) as session:
        return page_of(session, seen, place)


@blueprint.post("/flows/<key>/mail/<step>")
@merchant
def save(seen: Merchant, key: str, step: str) -> Response:
    """200 kept or published, 409 somebody else wrote meanwhile, 422 what no mail can carry."""
    place = place_of(seen, key, step)
    form = typed(seen, place.template)
    try:
        if request.form.get("do") == "draft":
            return _keep(seen, place, form)
        return _publish(seen, place, form)
    except Unfit as unfit:
        return _again(seen, place, form, Told(problems=unfit.problems), 422)
    except Stale:
        return _again(seen, place, form, Told(stale=True), 409)


@blueprint.post("/flows/<key>/mail/<step>/preview")
@merchant
def look(seen: Merchant, key: str, step: str) -> str:
    """The mail with what stands in the form; nothing is stored."""
    place = place_of(seen, key, step)
    form = typed(seen, place.template)
    with runtime().database.shops(seen.shop_id) as session:
        stood = standing(session, place.mail)
        content = as_it_may_be(form, place.template, stood.edited)
        shown = shown_of(session, seen, place, content, form.language)
    return render_template("admin/mail_look.html", seen=seen, **shown)


@blueprint.post("/flows/<key>/mail/<step>/drop")
@merchant
def drop(seen: Merchant, key: str, step: str) -> Response:
    """200 dropped or gone already, 409 somebody else wrote meanwhile."""
    place = place_of(seen, key, step)
    with runtime().database.shops(seen.shop_id) as session:
        try:
            gone = drop_draft(session, place.mail, request.form.get("seen", ""))
        except Stale:
            return make_response(page_of(session, seen, place, told=Told(stale=True)), 409)
        done = "The draft is gone. Mails stay as they are." if gone else "There was no draft."
        return make_response(page_of(session, seen, place, told=Told(done)))


def _keep(seen: Merchant, place: Place, form: Form) -> Response:
    """Raises Unfit, Stale."""
    at = runtime()
    now = at.clock.now()
    with at.database.shops(seen.shop_id) as session:
        content = content_of(form, place.template, standing(session, place.mail).edited)
        kept = keep_draft(session, place.mail, content, form.seen, seen.user, now)
        done = "Draft kept. Mails stay as they are until you publish it."
        told = Told(done if kept else "Nothing differs from what is sent, so there is no draft.")
        return make_response(page_of(session, seen, place, told=told))


def _publish(seen: Merchant, place: Place, form: Form) -> Response:
    """Raises Unfit, Stale."""
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        stood = standing(session, place.mail)
        if stood.seen != form.seen:
            raise Stale({})
        content = content_of(form, place.template, stood.edited)
        found, blocks = looked_at(session, seen, place, content, stood.live)
    problems, unknown = links_of(blocks)
    notes = [*unknown, *_left_out(blocks)]
    if found or problems:
        return _again(seen, place, form, Told(problems=problems, faults=found, notes=notes), 422)
    return publish_now(seen, place, content, form.seen, notes)


def links_of(blocks: Sequence[OwnBlock]) -> tuple[dict[str, str], Sequence[str]]:
    """What is wrong with where they lead, and what nobody knows of it just now. Nobody waits for foreign
    servers with a transaction in hand: it is asked outside of one."""
    links = look_at_links(runtime().sender().http, (link for block in blocks for link in block.cleaned.links))
    return ({OWN_HTML: " ".join(links.broken)} if links.broken else {}), links.unknown


def publish_now(
    seen: Merchant, place: Place, content: Content, opened_at: str, notes: Sequence[str] = (), note: str = ""
) -> Response:
    """Raises Stale."""
    at = runtime()
    now = at.clock.now()
    with at.database.shops(seen.shop_id) as session:
        number = publish(session, place.mail, content, opened_at, seen.user, now, note)
        told = Told("Nothing was changed.", notes=notes)
        if number is not None:
            words = f"{place.named.capitalize()}: version {number} published{f' ({note})' if note else ''}."
            changes.record(session, seen.shop_id, now, seen.user, place.area, words)
            done = f"Version {number} is published. Mails that leave from now on are so."
            told = Told(done, notes=notes, undo=number - 1)
        return make_response(page_of(session, seen, place, told=told))


def looked_at(
    session: Session, seen: Merchant, place: Place, content: Content, live: Content
) -> tuple[list[Fault], list[OwnBlock]]:
    """What is wrong with the mail in each language that changes, and the block in every way in which it may
    be printed.

    Raises Unfit."""
    try:
        blocks = _blocks(session, seen, place, content)
        lacks = dict.fromkeys(lack for block in blocks for lack in block.cleaned.lacks)
        if lacks:
            raise Unfit({OWN_HTML: " ".join(lacks)})
        return _faults(session, seen, place, content, live), blocks
    except Refused as refused:
        raise Unfit({OWN_HTML: refused.sentence}) from None


def _blocks(session: Session, seen: Merchant, place: Place, content: Content) -> list[OwnBlock]:
    """Raises Refused."""
    at, source = runtime(), content.mail.own_html
    if not source:
        return []
    return blocks_in(
        session, at.sender(), seen.shop_id, place.template, source, keys=at.keys, now=at.clock.now()
    )  # fmt: skip


def _faults(session: Session, seen: Merchant, place: Place, content: Content, live: Content) -> list[Fault]:
    """Raises Refused."""
    at = runtime()
    shipped = Edited(words_of_shop(session, place.mail, Content({})), Content({}).mail)
    edited = Edited(words_of_shop(session, place.mail, content), content.mail)
    return faults(
        session,
        at.sender(),
        seen.shop_id,
        place.template,
        edited,
        shipped,
        _touched(content, live),
        keys=at.keys,
        now=at.clock.now(),
    )


def _touched(content: Content, live: Content) -> list[str]:
    if content.mail != live.mail:
        return list(languages())
    return [name for name in languages() if content.words.get(name, {}) != live.words.get(name, {})]


def _left_out(blocks: Sequence[OwnBlock]) -> list[str]:
    gone = list(dict.fromkeys(what for block in blocks for what in block.cleaned.left_out))
    return [f"Left out of your block, because no mail can carry it: {', '.join(gone[:12])}."] if gone else []


def _again(seen: Merchant, place: Place, form: Form, told: Told, status: int) -> Response:
    with runtime().database.shops(seen.shop_id) as session:
        return make_response(page_of(session, seen, place, form, told), status)
