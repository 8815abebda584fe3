"""Sending: the shop's own domain, the records that it needs, and what DNS says of each."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from redis.exceptions import RedisError

from app.limits import Limit, within
from app.queries.sending_domains import load_sending_domains
from app.services import changes
from app.services.identity import SMTP, shared
from app.services.sending_domain import choose, look, take_out
from app.services.sending_domain_names import NotUsable, readable, typed
from app.web.admin import sending_words as words
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.home_words import ago
from app.web.guards import runtime

blueprint = Blueprint("sending", __name__)

AREA = "sending"
KEYS_AN_HOUR = 5


@blueprint.get("/sending")
@merchant
def page(seen: Merchant) -> str:
    return _drawn(seen)


@blueprint.post("/sending")
@merchant
def save(seen: Merchant) -> Response:
    """200 kept, 422 no domain that can be used, 409 mails do not leave by our own servers, or too many
    domains within the hour: each gets a key."""
    at, domain = runtime(), request.form.get("domain", "")[:400]
    if not _signs():
        return make_response(_drawn(seen), 409)
    try:
        chosen = typed(domain, at.config.mail_from_domain)
    except NotUsable as why:
        return make_response(_drawn(seen, typed_in=domain, problem=str(why)), 422)
    if not _may_make_a_key(seen):
        problem = "You chose several domains just now. Wait an hour before the next one."
        return make_response(_drawn(seen, typed_in=domain, problem=problem), 409)
    with at.database.shops(seen.shop_id) as session:
        choose(session, at.keys, seen.shop_id, chosen, at.clock.real())
        told = f"Mails are to come from {chosen.local}@{readable(chosen.domain)}."
        changes.record(session, seen.shop_id, at.clock.now(), seen.user, AREA, told)
    return make_response(_drawn(seen, done="Saved. Now add the records."))


@blueprint.post("/sending/look")
@merchant
def look_again(seen: Merchant) -> Response:
    """200 looked, within some seconds whatever DNS does; 409 it was looked at just before."""
    at = runtime()
    now, real = at.clock.now(), at.clock.real()
    found = look(at.database, at.dns(), at.ours(), seen.shop_id, now, real)
    if found is None:
        return make_response(_drawn(seen, problem="We looked a moment ago. Try again in 15 seconds."), 409)
    if found.verified:
        at.queue.kick("work")
        return make_response(_drawn(seen, done="All records are there. Mails come from your domain now."))
    return make_response(_drawn(seen, looked=True))


@blueprint.post("/sending/remove")
@merchant
def remove(seen: Merchant) -> Response:
    """200 in any case: it is gone."""
    at, done = runtime(), "Nothing was changed."
    with at.database.shops(seen.shop_id) as session:
        if take_out(session, seen.shop_id, at.clock.now()):
            done = "Your domain is taken out. Mails come from ours again."
            changes.record(session, seen.shop_id, at.clock.now(), seen.user, AREA, done)
    return make_response(_drawn(seen, done=done))


def _signs() -> bool:
    return runtime().provider.name == SMTP


def _may_make_a_key(seen: Merchant) -> bool:
    at = runtime()
    limit = Limit("sending-keys", str(seen.shop_id), KEYS_AN_HOUR, 3600)
    try:
        return within(at.queue.redis, [limit], at.clock.real())
    except RedisError:
        return False


def _drawn(
    seen: Merchant, *, typed_in: str = "", problem: str = "", done: str = "", looked: bool = False
) -> str:
    at = runtime()
    now, real, ours = at.clock.now(), at.clock.real(), at.ours()
    with at.database.shops(seen.shop_id) as session:
        domain = load_sending_domains(session, [seen.shop_id]).get(seen.shop_id)
        changed = latest_changes(session, seen, AREA)
    offers = at.config.shared_domain_offers
    held = f"{domain.local}@{readable(domain.domain)}" if domain else ""
    return render_template(
        "admin/sending.html",
        seen=seen,
        page="settings",
        signs=_signs(),
        domain=domain,
        shown=readable(domain.domain) if domain else "",
        said=words.said_of(domain, shared(at.sender()).sender, offers),
        rows=words.rows_of(domain, ours) if domain else [],
        warmth=words.warmth(domain, seen.shop.timezone, now),
        looked_at=ago(real - domain.looked_at) if domain and domain.looked_at else "",
        typed_in=typed_in or held,
        problem=problem,
        done=done,
        looked=looked,
        contact=at.config.support_email,
        changes=changed,
    )
