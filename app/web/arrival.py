"""Is your parcel there? A page that the two buttons of a mail lead to. Nothing is stored before one is
pressed here: mail scanners open every link."""

from __future__ import annotations

from enum import StrEnum

from flask import Blueprint, Response, abort, redirect, request
from sqlalchemy import text
from werkzeug.wrappers import Response as AnyResponse

from app.db import Session
from app.queries.pictures import load_pictures
from app.services.arrivals import arrived, missed
from app.web.front import Front
from app.web.guards import runtime, signed_link
from app.web.shopper_page import answer, open_page
from app.web.tracking import mail_to
from emails.clean import one_line
from flows.commerce import OrderState, Parcel
from flows.events import confirmed_by_shopper, is_delivered
from flows.picture import OrderPicture

blueprint = Blueprint("arrival", __name__)

Carried = tuple[int, str, str]

YES, NO = "yes", "no"
MOST_SHOWN = 12


class State(StrEnum):
    """What the page says: it asks, or what was answered, or that the question is settled."""

    ASKED = "asked"
    NOTED = "noted"
    THANKS = "thanks"
    KNOWN = "known"
    OVER = "over"


@blueprint.get("/a/<token>")
@signed_link("arrival")
def ask(carried: Carried, token: str) -> Response:
    return show(Front(carried[0]), carried, token)


@blueprint.post("/a/<token>")
@signed_link("arrival")
def say(carried: Carried, token: str) -> AnyResponse:
    return store(Front(carried[0]), carried, token)


def show(front: Front, carried: Carried, token: str) -> Response:
    """What is known by now. `answer` in the address only says which button is the louder one."""
    shop_id, order_id, parcel_id = carried
    key = (shop_id, order_id)
    with runtime().database.shops(shop_id) as session:
        picture = load_pictures(session, [key]).get(key)
        if picture is None:
            abort(404)
        page = open_page(session, front, picture.order.locale)
        state = _state(session, picture, carried)
    number = one_line(picture.order.number, 40)
    return answer(
        page,
        "arrival.html",
        "forms",
        state=state.value,
        number=number,
        inside=_inside(picture, parcel_id),
        action=f"{front.base}/a/{token}",
        tracking=f"{front.base}/t/{runtime().keys.sign('tracking', [shop_id, order_id])}",
        mailto=mail_to(page, number) if page.support else "",
        first=NO if request.args.get("answer") == NO else YES,
    )


def store(front: Front, carried: Carried, token: str) -> AnyResponse:
    """400 for what is neither yes nor no. What it led to is on the page that follows."""
    said = request.form.get("answer")
    if said not in (YES, NO):
        abort(400)
    shop_id, order_id, parcel_id = carried
    at = runtime()
    with at.database.shops(shop_id) as session:
        open_page(session, front)
        if not load_pictures(session, [(shop_id, order_id)]):
            abort(404)
    record = arrived if said == YES else missed
    record(at.database, at.keys, (shop_id, order_id), parcel_id, at.clock.now())
    at.queue.nudge()
    return redirect(f"{front.base}/a/{token}", 303)


def _state(session: Session, picture: OrderPicture, carried: Carried) -> State:
    parcel = next((one for one in picture.live_parcels() if one.id == carried[2]), None)
    if parcel is None or picture.order.state is not OrderState.OPEN:
        return State.OVER
    if is_delivered(picture, parcel):
        return State.THANKS if _said_so(picture, parcel) else State.KNOWN
    shop_id, order_id, parcel_id = carried
    denied = session.execute(_DENIED, {"shop": shop_id, "order": order_id, "parcel": parcel_id}).first()
    return State.ASKED if denied is None else State.NOTED


def _inside(picture: OrderPicture, parcel_id: str) -> list[str]:
    """What the parcel holds; where the store does not say, what was kept of the order."""
    parcel = next((one for one in picture.parcels if one.id == parcel_id), None)
    named = {part.line_id for part in parcel.lines} if parcel is not None else set()
    kept = picture.kept_lines()
    lines = [line for line in kept if line.id in named] or [line for line in kept if line.ships]
    return [one_line(line.title, 120) for line in lines[:MOST_SHOWN]]


def _said_so(picture: OrderPicture, parcel: Parcel) -> bool:
    own = confirmed_by_shopper(parcel.id, picture.order.id, picture.order.placed_at).id
    return any(scan.id == own for scan in picture.scans_of(parcel.id))


_DENIED = text(
    "SELECT 1 FROM events e JOIN shops s ON s.id = e.shop_id AND s.generation = e.generation"
    " WHERE e.shop_id = :shop AND e.order_id = :order AND e.parcel_id = :parcel AND e.kind = 'ArrivalDenied'"
)
