"""A card for each parcel of an order, and one for what is still to come."""

from __future__ import annotations

from dataclasses import dataclass

from app.web.speech import Speech
from app.web.tracking_items import MOST_ITEMS, Item, Products, items_of
from app.web.tracking_parcels import Contents, Known
from emails.clean import NBSP, carrier_name, one_line, web_address
from flows.commerce import Parcel, ParcelEvent, ParcelStatus, Tracking

MOST_SCANS = 20
MOST_SCANS_OF_SEVERAL = 4
MOST_NUMBERS = 9

_WORDS = {
    ParcelStatus.PENDING: "preparing",
    ParcelStatus.SHIPPED: "shipped",
    ParcelStatus.IN_TRANSIT: "in_transit",
    ParcelStatus.DELAYED: "delayed",
    ParcelStatus.OUT_FOR_DELIVERY: "out_for_delivery",
    ParcelStatus.ATTEMPTED: "attempted",
    ParcelStatus.READY_FOR_PICKUP: "pickup",
    ParcelStatus.FAILED: "failed",
    ParcelStatus.DELIVERED: "delivered",
    ParcelStatus.CANCELLED: "cancelled",
}
_TONES = {
    ParcelStatus.PENDING: ("box", "quiet"),
    ParcelStatus.DELAYED: ("clock", "warn"),
    ParcelStatus.ATTEMPTED: ("door", "warn"),
    ParcelStatus.READY_FOR_PICKUP: ("door", ""),
    ParcelStatus.FAILED: ("alert", "bad"),
    ParcelStatus.DELIVERED: ("check", "good"),
}


@dataclass(frozen=True, slots=True)
class Scan:
    words: str
    when: str


@dataclass(frozen=True, slots=True)
class Card:
    """`events`: all but the newest; `count` counts all, also those that are not shown."""

    icon: str
    tone: str
    state: str
    heading: str
    note: str
    items: tuple[Item, ...]
    hidden: int
    carrier: str = ""
    tracking: tuple[Tracking, ...] = ()
    newest: Scan | None = None
    events: tuple[Scan, ...] = ()
    count: int = 0


def card_of(known: Known, position: int, count: int, products: Products, speech: Speech) -> Card:
    t, parcel = speech.words, known.parcel
    late = known.overdue is not None and known.status < ParcelStatus.OUT_FOR_DELIVERY
    icon, tone = ("clock", "warn") if late else _TONES.get(known.status, ("van", ""))
    place = t("parcel.one")
    if count > 1:
        place = t("parcel.position", position=t.number(position), count=t.number(count))
    scans = known.scans[: MOST_SCANS if count == 1 else MOST_SCANS_OF_SEVERAL]
    said = [_scan(scan, speech) for scan in scans]
    return Card(
        icon=icon,
        tone=tone,
        state=t(
            "page.parcel.state",
            place=place,
            state=t(f"page.state.{'delayed' if late else _WORDS[known.status]}"),
        ),
        heading=_heading(known, speech),
        note=_planned(known, speech),
        items=items_of(known.contents, products, speech),
        hidden=max(0, len(known.contents) - MOST_ITEMS),
        carrier=carrier_name(parcel.carrier),
        tracking=_tracking(parcel),
        newest=said[0] if said else None,
        events=tuple(said[1:]),
        count=len(known.scans),
    )


def _heading(known: Known, speech: Speech) -> str:
    t = speech.words
    if known.delivered is not None:
        return t("page.parcel.heading.delivered", day=speech.day(known.delivered))
    if known.likely is not None:
        return t("page.parcel.heading.likely", day=speech.day(known.likely))
    if known.left is not None:
        return t("page.parcel.heading.left", day=speech.day(known.left))
    return t("page.parcel.heading.waiting")


def _planned(known: Known, speech: Speech) -> str:
    planned = known.overdue or known.first_planned
    return speech.words("page.tracking.first_planned", day=speech.day(planned)) if planned else ""


def rest_card(rest: Contents, products: Products, speech: Speech) -> Card:
    t = speech.words
    return Card(
        icon="box",
        tone="quiet",
        state=t("page.rest.state"),
        heading=t("page.rest.heading"),
        note=t("page.rest.note"),
        items=items_of(rest, products, speech),
        hidden=max(0, len(rest) - MOST_ITEMS),
    )


def _scan(scan: ParcelEvent, speech: Speech) -> Scan:
    words = one_line(scan.message, 120) or speech.words(f"page.parcel.{_WORDS[scan.status]}")
    place = one_line(scan.place, 60)
    when = speech.moment(scan.happened_at)
    return Scan(words, f"{when}, {place}" if place else when)


def _tracking(parcel: Parcel) -> tuple[Tracking, ...]:
    told = (Tracking(parcel.tracking_number, parcel.tracking_url), *parcel.also[:MOST_NUMBERS])
    shown = (Tracking(one_line(one.number, 40).replace(" ", NBSP), _https(one.url)) for one in told)
    return tuple(one for one in shown if one.number)


def _https(url: str | None) -> str | None:
    address = web_address(url)
    return address if address and address.startswith("https://") else None
