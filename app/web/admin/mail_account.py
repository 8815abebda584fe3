"""By whose account the shop's mails leave: ours, or one of the merchant's own, tried before it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, make_response, render_template, request
from redis.exceptions import RedisError

from app.limits import Limit, within
from app.services import changes
from app.services.event_doors import events_address
from app.services.mail_account_form import KINDS, SECRETS, Misfilled, Typed, read_form
from app.services.mail_accounts import drop_account, keep_account, load_accounts
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.guards import runtime
from app.words.mail_account import VENDORS, said_of, said_of_kept
from app.words.moments import moment
from emails.providers.api import Reach
from emails.providers.base import Checkable, SendFailed
from emails.providers.registry import EVENT_SOURCES

blueprint = Blueprint("mail_account", __name__)

AREA = "mail_account"
TOLD_BY = frozenset(EVENT_SOURCES)
TRIES, SECONDS = 10, 600
"""Looks at accounts that one shop may have: each is a connection to wherever it says."""


@blueprint.get("/mail-account")
@merchant
def page(seen: Merchant) -> str:
    kind = request.args.get("kind", "")
    return _drawn(seen, kind if kind in KINDS else "")


@blueprint.post("/mail-account/<key>")
@merchant
def save(seen: Merchant, key: str) -> Response:
    """200 kept, 404 no such vendor, 422 a field that cannot be, or an account that does not work, 429 looked
    at too often."""
    if key not in KINDS:
        abort(404, "no such vendor")
    at, form, kind = runtime(), request.form, key
    try:
        typed = read_form(kind, form, Reach(at.http, at.clock.real))
    except Misfilled as wrong:
        return make_response(_drawn(seen, kind, form, wrong.errors), 422)
    if not _may_look(seen.shop_id):
        told = f"At most {TRIES} tries in {SECONDS // 60} minutes. Wait a little, then save again."
        return make_response(_drawn(seen, kind, form, problem=told), 429)
    problem = _looked_at(typed)
    if problem:
        return make_response(_drawn(seen, kind, form, problem=problem), 422)
    now = at.clock.now()
    with at.database.shops(seen.shop_id) as session:
        keep_account(session, at.keys, seen.shop_id, typed.wanted, now, at.clock.real())
        words = f"Mails leave by your own account: {VENDORS[kind]}, from {typed.wanted.sender}."
        changes.record(session, seen.shop_id, now, seen.user, AREA, words)
    return make_response(_drawn(seen, done=f"It works. {words}"))


@blueprint.post("/mail-account/remove")
@merchant
def remove(seen: Merchant) -> Response:
    """200 in any case: it is gone."""
    at, done = runtime(), "Nothing was changed."
    with at.database.shops(seen.shop_id) as session:
        if drop_account(session, seen.shop_id, at.clock.now()):
            done = "Your account is forgotten here. Mails leave by Doorstep's again."
            changes.record(session, seen.shop_id, at.clock.now(), seen.user, AREA, done)
    return make_response(_drawn(seen, done=done))


def _may_look(shop_id: int) -> bool:
    """Without Redis nobody counts, so nobody looks."""
    at = runtime()
    try:
        limit = Limit("mail-account", str(shop_id), TRIES, SECONDS)
        return within(at.queue.redis, [limit], at.clock.real())
    except RedisError:
        return False


def _looked_at(typed: Typed) -> str:
    """What is wrong with the account, in words; "" where it works. Nothing is sent."""
    provider = typed.provider
    if not isinstance(provider, Checkable):
        return ""
    try:
        provider.check()
    except SendFailed as failure:
        return said_of(failure.reason, failure.answer)
    return ""


def _drawn(
    seen: Merchant,
    kind: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    problem: str = "",
    done: str = "",
) -> str:
    at = runtime()
    now, zone = at.clock.now(), seen.shop.timezone
    with at.database.shops(seen.shop_id) as session:
        held = load_accounts(session, [seen.shop_id]).get(seen.shop_id)
        changed = latest_changes(session, seen, AREA)
    values = {name: value for name, value in (typed or {}).items() if name not in SECRETS}
    return render_template(
        "admin/mail_account.html",
        seen=seen,
        page="settings",
        held=held,
        vendors=VENDORS,
        kind=kind,
        values={"sender": held.sender if held else "", **values},
        errors=errors or {},
        problem=problem,
        done=done,
        failing=moment(held.failing_since, zone, now) if held and held.failing_since else "",
        why=said_of_kept(held.problem) if held and held.problem else "",
        events=(
            events_address(at.keys, at.config.address, kind, seen.shop_id) if kind in EVENT_SOURCES else ""
        ),
        changes=changed,
    )
