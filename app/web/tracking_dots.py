"""How far an order is, as the row of dots that the tracking page begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.speech import Speech
from app.web.tracking_parcels import CONFIRMED, DELIVERED, MOVING, OUT, PACKED, Known
from app.web.tracking_state import State
from flows.commerce import ParcelStatus
from flows.picture import OrderPicture


@dataclass(frozen=True, slots=True)
class Dot:
    """`state`: done, here or ahead."""

    word: str
    when: str
    state: str


def dots_of(picture: OrderPicture, state: State, speech: Speech) -> tuple[Dot, ...]:
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


def step_of(dots: Sequence[Dot], speech: Speech) -> str:
    here = next((place for place, dot in enumerate(dots) if dot.state == "here"), None)
    if here is None:
        return ""
    number = speech.words.number
    return speech.words(
        "page.step.of", position=number(here + 1), count=number(len(dots)), step=dots[here].word
    )


def next_step_of(dots: Sequence[Dot], state: State, speech: Speech) -> str:
    following = next((dot for dot in dots if dot.state == "ahead"), None)
    if following is None or state.name == "failed":
        return ""
    likely = state.lead_parcel.likely if state.lead_parcel and following.when else None
    if likely is None:
        return speech.words("page.step.next", step=following.word)
    return speech.words("page.step.next.likely", step=following.word, day=speech.near(likely))
