"""Which mails a person gets: by topic, or none, in one step. Mail programs have a POST of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, request

from app.keys import BadLink
from app.models.permission import ALL_CLASSES
from app.queries.preferences import Preferences, preferences_of
from app.services.consent_sync import Tell
from app.services.paces import choose_pace
from app.services.unsubscribe import (
    ALL_OPTIONAL,
    CLASS_OF,
    UNSUBSCRIBED,
    Left,
    rejoin,
    undo_leaving,
    unsubscribe,
)
from app.web.front import Front
from app.web.guards import runtime, signed_link
from app.web.shopper_page import answer, shop_page
from app.web.speech import Speech
from emails.clean import greeting_name, single_spaced
from flows.commerce import ConsentState
from flows.facts import Topic
from flows.pace import BREAK_DAYS, OFFER_DAYS, Pace

blueprint = Blueprint("unsubscribe", __name__)

Carried = tuple[int, int, str, str]

_ALL = "all"
_OPTED_OUT = (ConsentState.UNSUBSCRIBED, ConsentState.REDACTED)


@dataclass(frozen=True, slots=True)
class Switch:
    """A topic as the page shows it. `fixed`: why the person cannot change it here, "" if it can."""

    topic: str
    on: bool
    fixed: str


@blueprint.get("/u/<token>")
@signed_link("unsubscribe")
def ask(carried: Carried, token: str) -> Response:
    """Changes nothing: mail scanners open every link."""
    return show(Front(carried[0]), carried, token)


@blueprint.post("/u/<token>")
@signed_link("unsubscribe")
def change(carried: Carried, token: str) -> Response:
    return choose(Front(carried[0]), carried, token)


@blueprint.post("/u/<token>/one-click")
@signed_link("unsubscribe")
def one_click(carried: Carried, token: str) -> tuple[dict[str, str], int]:
    """Needs no cookie, no login and no redirect."""
    _leave(carried, [carried[2]])
    return {"outcome": "unsubscribed"}, 200


def show(
    front: Front, carried: Carried, token: str, said: str = "", cancelled: int = 0, undo: str = ""
) -> Response:
    """`said`: what was just done, "" for nothing: left, all_on, on.<topic>, off.<topic>, pace.<days>, break
    or break_over. `undo`: what takes exactly that back, signed; "" where it left nothing that was not left
    before."""
    shop_id, message_id, _, address_hash = carried
    with runtime().database.shops(shop_id) as session:
        found = preferences_of(session, shop_id, message_id, address_hash)
        page = shop_page(session, front, found.locale)
    if page is None:
        abort(404)
    return answer(
        page,
        "preferences.html",
        "forms",
        action=f"{front.base}/u/{token}",
        switches=[_switch(topic, found) for topic in Topic],
        address=_masked(found.address),
        name=greeting_name(found.first_name),
        said=said,
        cancelled=cancelled,
        undo=undo,
        time=page.speech.time(page.speech.now),
        offer_days=found.pace.offer_days,
        paces=OFFER_DAYS,
        breaks=BREAK_DAYS,
        break_until=_break_until(found.pace, page.speech),
    )


def choose(front: Front, carried: Carried, token: str) -> Response:
    """`leave` names a topic or "all", `join` a topic, `undo` holds a press that is taken back, `offer_days`
    and `break_days` say how often. None of them: the mail's own class is left, as its link says."""
    leave, join, undo = (request.form.get(name) for name in ("leave", "join", "undo"))
    at = runtime()
    if "offer_days" in request.form or "break_days" in request.form:
        return _choose_pace(front, carried, token)
    if undo is not None:
        scopes = _undo(carried, undo)
        done = f"on.{scopes[0]}" if len(scopes) == 1 and scopes[0] in tuple(Topic) else "all_on"
        return show(front, carried, token, done)
    if join is not None:
        rejoin(at.database, carried[0], [_topic(join)], carried[3], at.clock.now(), _tell(carried))
        return show(front, carried, token, f"on.{join}")
    if leave is None or leave == _ALL:
        left, undone = _leave(carried, [carried[2]] if leave is None else ALL_OPTIONAL)
        return show(front, carried, token, "left", left.cancelled, undone)
    _, undone = _leave(carried, [_topic(leave).value])
    return show(front, carried, token, f"off.{leave}", undo=undone)


def _choose_pace(front: Front, carried: Carried, token: str) -> Response:
    """400 for a number of days that the page does not offer. A break of 0 days ends one."""
    shop_id, message_id, _, address_hash = carried
    at, now = runtime(), runtime().clock.now()
    with at.database.shops(shop_id) as session:
        pace = preferences_of(session, shop_id, message_id, address_hash).pace
    if "offer_days" in request.form:
        days = _days("offer_days", OFFER_DAYS)
        pace, said = replace(pace, offer_days=days), f"pace.{days}"
    else:
        days = _days("break_days", (0, *BREAK_DAYS))
        until = now + timedelta(days=days) if days else None
        pace, said = replace(pace, break_until=until), "break" if days else "break_over"
    choose_pace(at.database, shop_id, message_id, address_hash, pace, now)
    return show(front, carried, token, said)


def _days(name: str, offered: tuple[int, ...]) -> int:
    found = next((days for days in offered if request.form[name] == str(days)), None)
    if found is None:
        abort(400)
    return found


def _leave(carried: Carried, scopes: Collection[str]) -> tuple[Left, str]:
    """What was left, and what takes it back."""
    shop_id, message_id, _, address_hash = carried
    at, now = runtime(), runtime().clock.now()
    left = unsubscribe(at.database, shop_id, message_id, scopes, address_hash, now, tell=_tell(carried))
    if not left.scopes:
        return left, ""
    return left, at.keys.sign("undo", [shop_id, address_hash, left.scopes, now.isoformat()])


def _undo(carried: Carried, undo: str) -> list[str]:
    """The scopes of the press that `undo` tells of, taken back. 400 where it is not of this person."""
    shop_id, _, _, address_hash = carried
    at, tell = runtime(), (_tell(carried), runtime().clock.now())
    try:
        shop, person, scopes, instant = at.keys.read("undo", undo)
    except BadLink:
        abort(400)
    if (shop, person) != (shop_id, address_hash):
        abort(400)
    undo_leaving(at.database, shop_id, address_hash, scopes, datetime.fromisoformat(instant), tell)
    return list(scopes)


def _tell(carried: Carried) -> Tell:
    return Tell(carried[1], runtime().clock.real())


def _break_until(pace: Pace, speech: Speech) -> str:
    """The day that ends the break, in words; "" where there is none."""
    until = pace.break_until
    return speech.day(until) if until is not None and until > speech.now else ""


def _topic(name: str) -> Topic:
    if name not in tuple(Topic):
        abort(400)
    return Topic(name)


def _switch(topic: Topic, found: Preferences) -> Switch:
    """The same that is asked before each mail, seen from the person's side."""
    if found.consent in _OPTED_OUT:
        return Switch(topic, False, "left_shop")
    if topic is Topic.OFFERS and not found.gets_offers:
        return Switch(topic, False, "not_asked")
    reasons = [found.left.get(scope) for scope in (topic, CLASS_OF[topic], ALL_CLASSES)]
    barred = any(reason is not None and reason != UNSUBSCRIBED for reason in reasons)
    return Switch(topic, not any(reasons), "barred" if barred else "")


def _masked(address: str) -> str:
    """So much of it that its owner knows which one is meant."""
    local, _, domain = single_spaced(address).rpartition("@")
    if not local:
        return ""
    return f"{local[0]}…{local[-1] if len(local) > 2 else ''}@{domain}"
