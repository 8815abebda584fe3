"""Messages to the shop's own tool: its address, its secret (shown once), and which flows leave by it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.services import changes
from app.services.groups import Unwanted
from app.services.webhook_door import (
    PATIENCE,
    Door,
    change_secret,
    close_door,
    load_doors,
    open_door,
    send_by,
)
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow import Turned, flow_body, flow_named
from app.web.guards import runtime
from app.words.moments import moment
from flows.facts import Channel

blueprint = Blueprint("channel", __name__)

AREA = "channel"


@blueprint.get("/channel")
@merchant
def page(seen: Merchant) -> str:
    return _drawn(seen)


@blueprint.post("/channel")
@merchant
def save(seen: Merchant) -> Response:
    """200 kept, 422 an address that may not be called. The secret of a new one is told once, here."""
    at, url = runtime(), request.form.get("url", "")
    try:
        with at.database.shops(seen.shop_id) as session:
            door, new = open_door(session, seen.shop_id, url, at.clock.now())
            changes.record(
                session, seen.shop_id, at.clock.now(), seen.user, AREA, f"Messages may go to {_host(door)}."
            )
    except Unwanted as why:
        return make_response(_drawn(seen, url=url, problem=str(why)), 422)
    return make_response(_drawn(seen, door if new else None, done="Saved."))


def _host(door: Door) -> str:
    """What may be kept of an address for ever: the rest of it is often a secret."""
    return urlsplit(door.url).hostname or ""


@blueprint.post("/channel/secret")
@merchant
def rotate(seen: Merchant) -> Response:
    """200 with the new secret, 409 there is no address."""
    at = runtime()
    try:
        with at.database.shops(seen.shop_id) as session:
            door = change_secret(session, seen.shop_id, at.clock.now(), at.clock.real())
            words = "The secret was changed."
            changes.record(session, seen.shop_id, at.clock.now(), seen.user, AREA, words)
    except Unwanted as why:
        return make_response(_drawn(seen, problem=str(why)), 409)
    done = "The secret is new. The one before counts for another 24 hours."
    return make_response(_drawn(seen, door, done=done))


@blueprint.post("/channel/remove")
@merchant
def remove(seen: Merchant) -> Response:
    """200 in any case: it is gone."""
    at, done = runtime(), "Nothing was changed."
    with at.database.shops(seen.shop_id) as session:
        if close_door(session, seen.shop_id):
            done = "The address is gone. All flows send mails again."
            changes.record(session, seen.shop_id, at.clock.now(), seen.user, AREA, done)
    return make_response(_drawn(seen, done=done))


@blueprint.post("/flows/<key>/channel")
@merchant
def choose(seen: Merchant, key: str) -> Response:
    """200 kept, 400 no way that there is, 409 there is no address to send to."""
    of, channel = flow_named(key), request.form.get("channel", "")
    if channel not in set(Channel):
        abort(400, "a message leaves by mail or to a tool")
    at, done, status = runtime(), "Nothing was changed.", 200
    now = at.clock.now()
    try:
        with at.database.shops(seen.shop_id) as session:
            if send_by(session, seen.shop_id, of.key, channel, now):
                to = "to your own tool" if channel == Channel.WEBHOOK else "by mail"
                done = f"Messages that are planned from now on leave {to}."
                changes.record(session, seen.shop_id, now, seen.user, f"flow:{of.key}", done)
    except Unwanted as why:
        done, status = str(why), 409
    return flow_body(seen, of, Turned(done=done), status)


def _drawn(
    seen: Merchant, told: Door | None = None, *, url: str = "", problem: str = "", done: str = ""
) -> str:
    """`told`: the door whose secret is shown, now and never again."""
    at = runtime()
    now, zone = at.clock.now(), seen.shop.timezone
    with at.database.shops(seen.shop_id) as session:
        door = load_doors(session, [seen.shop_id]).get(seen.shop_id)
        changed = latest_changes(session, seen, AREA)
    return render_template(
        "admin/channel.html",
        seen=seen,
        page="settings",
        door=door,
        url=url or (door.url if door else ""),
        problem=problem,
        done=done,
        secret=told.secrets(at.keys, at.clock.real())[0] if told is not None else "",
        failing=moment(door.failing_since, zone, now) if door and door.failing_since else "",
        stopped=moment(door.stopped_at, zone, now) if door and door.stopped_at else "",
        days=PATIENCE.days,
        changes=changed,
    )
