"""The tracking page, ready to print: headline, progress, a card for each parcel, what is still to come.

Every text is plain; the template escapes it. Neither an address nor a payment is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.web.speech import Speech
from app.web.tracking_cards import Card, card_of, rest_card
from app.web.tracking_dots import Dot, dots_of, next_step_of, step_of
from app.web.tracking_items import Item, Products, line_of
from app.web.tracking_parcels import known_parcels, still_here
from app.web.tracking_state import State, state_of
from emails.clean import one_line
from flows.picture import OrderPicture

# An order may have 399 lines and a parcel hundreds of scans; the page stays below 30 kB.
MOST_PARCELS = 4
MOST_LINES = 12


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
        card_of(one, place, len(parcels), products, speech)
        for place, one in enumerate(shown[:MOST_PARCELS], start=1)
    )
    rest = still_here(picture) if shown else ()
    dots = dots_of(picture, state, speech)
    return TrackingView(
        number=one_line(order.number, 40),
        placed=speech.day(order.placed_at),
        state=state,
        dots=dots,
        step=step_of(dots, speech),
        next_step=next_step_of(dots, state, speech),
        cards=(*cards, rest_card(rest, products, speech)) if rest else cards,
        more_parcels=max(0, len(shown) - MOST_PARCELS),
        lines=tuple(line_of(line, picture, products, speech) for line in order.lines[:MOST_LINES]),
        more_lines=max(0, len(order.lines) - MOST_LINES),
        pieces=sum(line.quantity for line in order.lines),
    )
