"""The tracking page, ready to print: headline, progress, a card for each parcel, what is still to come.

Every text is plain; the template escapes it. Neither an address nor a payment is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.web.speech import Speech
from app.web.tracking_parcels import (
    CONFIRMED,
    DELIVERED,
    MOVING,
    OUT,
    PACKED,
    Contents,
    Known,
    known_parcels,
    still_here,
)
from app.web.tracking_state import State, state_of
from emails.clean import NBSP, one_line, web_address
from emails.order_lines import first_letter
from flows.commerce import OrderLine, OrderPicture, ParcelEvent, ParcelStatus, Product

# An order may have 399 lines and a parcel hundreds of scans; the page stays below 30 kB.
MOST_PARCELS = 4
MOST_ITEMS = 4
MOST_SCANS = 20
MOST_SCANS_OF_SEVERAL = 4
MOST_LINES = 12
LONGEST_PICTURE = 240

Products = Mapping[str, Product]

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
class Dot:
    """`state`: done, here or ahead."""

    word: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    note: str
    picture: str | None
    letter: str


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
    number: str = ""
    url: str | None = None
    newest: Scan | None = None
    events: tuple[Scan, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class TrackingView:
    number: str
    placed: str
    state: State
    dots: tuple[Dot, ...]
    step: str
    next_step: str
    cards: tuple[Card, ...]
    more_parcels: int
    lines: tuple[Item, ...]
    more_lines: int
    pieces: int


def view_of(picture: OrderPicture, products: Products, speech: Speech) -> TrackingView:
    parcels = known_parcels(picture, speech)
    state = state_of(picture, parcels, speech)
    order = picture.order
    shown = parcels if state.name not in ("cancelled", "refunded") else ()
    cards = tuple(
        _card(one, place, len(parcels), products, speech)
        for place, one in enumerate(shown[:MOST_PARCELS], start=1)
    )
    rest = still_here(picture) if shown else ()
    dots = _dots(picture, state, speech)
    return TrackingView(
        number=one_line(order.number, 40),
        placed=speech.day(order.placed_at),
        state=state,
        dots=dots,
        step=_step(dots, speech),
        next_step=_next_step(dots, state, speech),
        cards=(*cards, _rest_card(rest, products, speech)) if rest else cards,
        more_parcels=max(0, len(shown) - MOST_PARCELS),
        lines=tuple(_line(line, picture, products, speech) for line in order.lines[:MOST_LINES]),
        more_lines=max(0, len(order.lines) - MOST_LINES),
        pieces=sum(line.quantity for line in order.lines),
    )


def _dots(picture: OrderPicture, state: State, speech: Speech) -> tuple[Dot, ...]:
    """None where nothing is (or was) to be sent."""
    if state.name in ("cancelled", "refunded", "digital"):
        return ()
    parcel = state.lead_parcel
    reached = parcel.reached if parcel else CONFIRMED
    if state.name == "open":
        reached = CONFIRMED - 1
    collects = parcel is not None and parcel.status is ParcelStatus.READY_FOR_PICKUP
    names = ("confirmed", "packed", "moving", "pickup" if collects else "out", "delivered")
    return tuple(
        Dot(
            word=speech.words(f"page.step.{name}"),
            when=_when(place, reached, picture, parcel, speech),
            state="ahead" if place > reached else "here" if place == reached else "done",
        )
        for place, name in enumerate(names)
    )


def _when(place: int, reached: int, picture: OrderPicture, parcel: Known | None, speech: Speech) -> str:
    if place > reached:
        likely = parcel.likely if parcel and place == (OUT if reached < OUT else DELIVERED) else None
        return speech.words("page.step.likely", day=speech.short_day(likely)) if likely else ""
    at = {
        CONFIRMED: picture.order.accepted_at or picture.order.placed_at,
        PACKED: parcel.at(ParcelStatus.PENDING) if parcel else None,
        MOVING: parcel.left if parcel else None,
        OUT: parcel.at(ParcelStatus.READY_FOR_PICKUP, ParcelStatus.OUT_FOR_DELIVERY) if parcel else None,
        DELIVERED: parcel.delivered if parcel else None,
    }[place]
    if at is None:
        return ""
    day = speech.short_day(at)
    return speech.words("page.step.since", day=day) if place == reached == MOVING else day


def _step(dots: Sequence[Dot], speech: Speech) -> str:
    here = next((place for place, dot in enumerate(dots) if dot.state == "here"), None)
    if here is None:
        return ""
    number = speech.words.number
    return speech.words(
        "page.step.of", position=number(here + 1), count=number(len(dots)), step=dots[here].word
    )


def _next_step(dots: Sequence[Dot], state: State, speech: Speech) -> str:
    following = next((dot for dot in dots if dot.state == "ahead"), None)
    if following is None or state.name == "failed":
        return ""
    likely = state.lead_parcel.likely if state.lead_parcel and following.when else None
    if likely is None:
        return speech.words("page.step.next", step=following.word)
    return speech.words("page.step.next.likely", step=following.word, day=speech.near(likely))


def _card(known: Known, position: int, count: int, products: Products, speech: Speech) -> Card:
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
        items=_items(known.contents, products, speech),
        hidden=max(0, len(known.contents) - MOST_ITEMS),
        carrier=one_line(parcel.carrier, 40),
        number=one_line(parcel.tracking_number, 40).replace(" ", NBSP),
        url=_https(parcel.tracking_url),
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


def _rest_card(rest: Contents, products: Products, speech: Speech) -> Card:
    t = speech.words
    return Card(
        icon="box",
        tone="quiet",
        state=t("page.rest.state"),
        heading=t("page.rest.heading"),
        note=t("page.rest.note"),
        items=_items(rest, products, speech),
        hidden=max(0, len(rest) - MOST_ITEMS),
    )


def _scan(scan: ParcelEvent, speech: Speech) -> Scan:
    words = one_line(scan.message, 120) or speech.words(f"page.parcel.{_WORDS[scan.status]}")
    place = one_line(scan.place, 60)
    when = speech.moment(scan.happened_at)
    return Scan(words, f"{when}, {place}" if place else when)


def _items(contents: Contents, products: Products, speech: Speech) -> tuple[Item, ...]:
    return tuple(
        _item(line, products, speech.words("line.quantity", n=quantity) if quantity > 1 else "")
        for line, quantity in contents[:MOST_ITEMS]
    )


def _line(line: OrderLine, picture: OrderPicture, products: Products, speech: Speech) -> Item:
    """A line of the order with its pieces, and what of it was given back."""
    gone = min(picture.refunded_quantity(line.id), line.quantity)
    told = [one_line(line.variant, 60)]
    if line.quantity > 1:
        told.append(speech.words("line.quantity", n=line.quantity))
    if gone:
        whole = gone == line.quantity
        told.append(
            speech.words("page.line.refunded") if whole else speech.words("page.line.part_refunded", n=gone)
        )
    return _item(line, products, ", ".join(part for part in told if part))


def _item(line: OrderLine, products: Products, note: str) -> Item:
    product = products.get(line.product_id or "")
    picture = web_address(line.image_url) or web_address(product.image_url if product else None)
    return Item(
        title=one_line(line.title, 80),
        note=note,
        picture=picture if picture and len(picture) <= LONGEST_PICTURE else None,
        letter=first_letter(line.title),
    )


def _https(url: str | None) -> str | None:
    address = web_address(url)
    return address if address and address.startswith("https://") else None
