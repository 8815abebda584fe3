"""Missed parcels as the first page tells them: whose, since when, and what was said to whoever waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db import Session
from app.queries.missed import Missed, load_missed
from app.words.flows import FLOW_WORDS
from app.words.moments import day, short
from flows.events import ArrivalDenied, ParcelFailed, ParcelLate, ParcelStalled

# The first of them that was told says most; with the flow that writes about it.
_SAID = (
    (ArrivalDenied, "Has not come, the buyer says", "arrival_check"),
    (ParcelFailed, "Could not be handed over", "delivery_updates"),
    (ParcelStalled, "Nothing heard of it for four days", "delivery_updates"),
    (ParcelLate, "Not there on its day", "arrival_check"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`path`: the page of the mail about it, or of why there is none. `urgent`: somebody complained."""

    order: str
    carrier: str
    what: str
    since: str
    mailed: str
    path: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class MissedParcels:
    """`all`: how many there are; `lines` are the first of them."""

    all: int
    lines: tuple[Line, ...]


def missed_lines(session: Session, shop_id: int, zone: str, now: datetime) -> MissedParcels:
    found = load_missed(session, shop_id, now)
    return MissedParcels(found[0].all if found else 0, tuple(_line(one, zone, now) for one in found))


def _line(one: Missed, zone: str, now: datetime) -> Line:
    kind, what, flow = next(said for said in _SAID if said[0] in one.kinds)
    mailed, path = "No mail about it", f"/messages/order/{one.order_id}/{flow}"
    if one.flow_key is not None and one.sent_at is not None:
        title = FLOW_WORDS[one.flow_key].title
        mailed, path = f"Mailed “{title}”, {short(one.sent_at, zone, now)}", f"/messages/{one.message_id}"
    number = f"#{one.number.lstrip('#')}"
    since = f"since {day(one.since, zone)}"
    return Line(number, one.carrier or "Unknown carrier", what, since, mailed, path, kind is ArrivalDenied)
