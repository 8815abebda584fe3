"""Groups of shoppers: what there is, one that the merchant makes of rows, and the flow that is for one."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.db import Session
from app.queries.facts import load_shops
from app.services import changes
from app.services.groups import (
    Held,
    Unwanted,
    drop_group,
    held_groups,
    hold_out,
    keep_group,
    known_products,
    narrow,
)
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import Turned, flow_body, flow_named
from app.web.admin.group_form import Form, Row, form_of, read_form
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from app.words.group_fields import FIELDS
from app.words.rules import condition_in_words
from flows.conditions import Condition
from flows.experiments import MOST as MOST_HELD
from flows.facts import MailClass
from flows.segments import MOST_RULES, OWN, Segment, products_named

blueprint = Blueprint("segments", __name__)

AREA = "segments"
_SPARE = 2


@blueprint.get("/segments")
@merchant
def groups(seen: Merchant) -> str:
    return _list(seen)


@blueprint.get("/segments/<key>")
@merchant
def group(seen: Merchant, key: str) -> str:
    """404 for one that does not exist; ours cannot be changed."""
    if key == "new":
        return _form(seen, "", Form("", False, ()))
    with runtime().database.shops(seen.shop_id) as session:
        found = next((one.group for one in held_groups(session, seen.shop_id) if one.group.key == key), None)
    if found is None or not key.startswith(OWN):
        abort(404)
    form = form_of(found.title, found.condition, seen.shop.currency) if isinstance(found, Segment) else None
    unreadable = Form(found.title, False, (), "It cannot be read any more. Put it together anew.")
    return _form(seen, key, form or unreadable)


@blueprint.post("/segments/<key>")
@merchant
def save(seen: Merchant, key: str) -> Response:
    """200 kept, 409 it is gone or there are too many, 422 something that cannot be asked."""
    if key != "new" and not key.startswith(OWN):
        abort(404)
    at = runtime()
    now, own = at.clock.now(), "" if key == "new" else key
    form, condition = read_form(request.form, seen.shop.currency)
    with at.database.shops(seen.shop_id) as session:
        form = _known(session, seen.shop_id, form, condition)
        if condition is None or form.is_wrong:
            return make_response(_form(seen, own, form), 422)
        try:
            keep_group(session, seen.shop_id, own, form.title, condition, now)
        except Unwanted as why:
            return make_response(_form(seen, own, replace(form, problem=str(why))), 409)
        words = f"{form.title}: {condition_in_words(condition)}."
        changes.record(session, seen.shop_id, now, seen.user, AREA, words)
    return _back(seen)


@blueprint.post("/segments/<key>/remove")
@merchant
def remove(seen: Merchant, key: str) -> Response:
    """200 gone, 404 there is none, 409 a flow is for it."""
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        found = {one.group.key: one.group.title for one in held_groups(session, seen.shop_id)}
        try:
            if not drop_group(session, seen.shop_id, key):
                abort(404)
        except Unwanted as why:
            return make_response(_list(seen, str(why)), 409)
        changes.record(session, seen.shop_id, at.clock.now(), seen.user, AREA, f"{found[key]} was removed.")
    return _back(seen)


@blueprint.post("/flows/<key>/group")
@merchant
def only_for(seen: Merchant, key: str) -> Response:
    """200 kept, 409 the group is gone. Whoever is in the flow already stays in it."""
    of, wanted = flow_named(key), request.form.get("group", "") or None
    at = runtime()
    now, done, status = at.clock.now(), "Nothing was changed.", 200
    with at.database.shops(seen.shop_id) as session:
        titles = {one.group.key: one.group.title for one in held_groups(session, seen.shop_id)}
        try:
            if narrow(session, seen.shop_id, of.key, wanted, now):
                done = (
                    f"From now on for: {titles[wanted]}." if wanted else "From now on for everybody it fits."
                )
                changes.record(session, seen.shop_id, now, seen.user, f"flow:{of.key}", done)
        except Unwanted as why:
            done, status = str(why), 409
    return flow_body(seen, of, Turned(done=done), status)


@blueprint.post("/flows/<key>/holdout")
@merchant
def hold_back(seen: Merchant, key: str) -> Response:
    """200 kept, 404 for order mails, which nobody goes without, 422 no share."""
    of = flow_named(key)
    if of.mail_class is MailClass.TRANSACTIONAL:
        abort(404)
    done, status = _held_back(seen, of.key, f"flow:{of.key}")
    return flow_body(seen, of, Turned(done=done), status)


@blueprint.post("/segments/holdout")
@merchant
def hold_back_of_all(seen: Merchant) -> Response:
    """200 kept, 422 no share."""
    done, status = _held_back(seen, None, AREA)
    return make_response(_list(seen, done if status == 422 else "", done if status == 200 else ""), status)


def _held_back(seen: Merchant, flow_key: str | None, area: str) -> tuple[str, int]:
    typed = request.form.get("share", "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and int(typed) <= MOST_HELD):
        return f"A whole number is needed, 0 to {MOST_HELD} %.", 422
    at = runtime()
    now, done = at.clock.now(), "Nothing was changed."
    with at.database.shops(seen.shop_id) as session:
        if hold_out(session, seen.shop_id, flow_key, int(typed), now):
            done = (
                f"{int(typed)} % of people are left out for comparison."
                if int(typed)
                else "Nobody is left out."
            )
            changes.record(session, seen.shop_id, now, seen.user, area, done)
    return done, 200


def _known(session: Session, shop_id: int, form: Form, condition: Condition | None) -> Form:
    """With a word at each row that names a product that the shop does not have."""
    named = set(products_named(condition)) if condition is not None else set()
    missing = named - known_products(session, shop_id, named) if named else set()
    rows = tuple(
        replace(row, problem="Your shop has no product with this number.")
        if row.rule == "bought_product" and row.value in missing
        else row
        for row in form.rows
    )
    return replace(form, rows=rows)


def _list(seen: Merchant, problem: str = "", done: str = "") -> str:
    with runtime().database.shops(seen.shop_id) as session:
        held = held_groups(session, seen.shop_id)
        changed = latest_changes(session, seen, AREA)
        share = load_shops(session, [seen.shop_id])[seen.shop_id].holdout
    return render_template(
        "admin/segments.html",
        seen=seen,
        page="flows",
        own=[_told(one) for one in held if one.group.key.startswith(OWN)],
        ours=[_told(one) for one in held if not one.group.key.startswith(OWN)],
        problem=problem,
        done=done,
        share=share,
        most=MOST_HELD,
        changes=changed,
    )


def _told(one: Held) -> tuple[str, str, str, list[str], str]:
    words = (
        condition_in_words(one.group.condition) if isinstance(one.group, Segment) else "It cannot be read."
    )
    gone = f"It names a product that is gone: {', '.join(one.gone)}." if one.gone else ""
    used = [FLOW_WORDS[key].title for key in one.used_by if key in FLOW_WORDS]
    return one.group.key, one.group.title, words, used, gone


def _form(seen: Merchant, key: str, form: Form) -> str:
    spare = min(MOST_RULES, max(len(form.rows) + _SPARE, 3)) - len(form.rows)
    return render_template(
        "admin/segment.html",
        seen=seen,
        page="flows",
        key=key,
        form=form,
        rows=[*form.rows, *[Row()] * spare],
        fields=FIELDS,
        currency=seen.shop.currency,
    )


def _back(seen: Merchant) -> Response:
    """The list, at its own address."""
    answer = make_response(_list(seen))
    answer.headers["HX-Push-Url"] = seen.link("/segments")
    return answer
