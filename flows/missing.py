"""What is not there after all: guesses that something speaks against, and parcels that are missed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from flows.commerce import OrderLine, OrderState, Parcel
from flows.delivery import Recorded
from flows.events import (
    ArrivalDenied,
    EventKind,
    OrderDelivered,
    ParcelDelivered,
    delivered_at,
    is_delivered,
    left_at,
)
from flows.picture import OrderPicture

Happening = tuple[EventKind, str | None]

NOT_THERE = "not_there"
"""Ends what an arrival began that was only a guess, and a wrong one."""


def refuted(
    picture: OrderPicture, recorded: Recorded, inferred: Collection[Happening]
) -> frozenset[Happening]:
    """Arrivals that we inferred and that do not hold: whoever waits for the parcel says that it is not there,
    or it was seen on its way since. The order's falls with that of one of its parcels."""
    found = {
        (ParcelDelivered, parcel.id)
        for parcel in picture.live_parcels()
        if (ParcelDelivered, parcel.id) in inferred and _is_elsewhere(picture, parcel, recorded)
    }
    if found and (OrderDelivered, None) in inferred:
        return frozenset({*found, (OrderDelivered, None)})
    return frozenset(found)


def _is_elsewhere(picture: OrderPicture, parcel: Parcel, recorded: Recorded) -> bool:
    if is_delivered(picture, parcel):
        return False
    seen, guessed = picture.last_sign(parcel.id), recorded[ParcelDelivered, parcel.id]
    return (ArrivalDenied, parcel.id) in recorded or (seen is not None and seen > guessed)


def is_missed(picture: OrderPicture, parcel_id: str | None, since: datetime) -> bool:
    """Whether a parcel that somebody said is not there is still waited for. It is not once it came, was taken
    out of the order, or all that was in it came in another one or was paid back. `since`: when they said so.
    """
    over = picture.order.state is not OrderState.OPEN or picture.is_paid_back()
    parcel = next((one for one in picture.live_parcels() if one.id == parcel_id), None)
    if parcel is None or over or is_delivered(picture, parcel) or _is_replaced(picture, parcel, since):
        return False
    refunded, came = picture.refunded_quantities(), _came(picture)
    return any(
        line.quantity - refunded.get(line.id, 0) > came.get(line.id, 0) for line in _lines(picture, parcel)
    )


def _is_replaced(picture: OrderPicture, parcel: Parcel, since: datetime) -> bool:
    """Whether another one came for it, where the store does not say what is in that: it left later, it came
    after they had missed this one, and nothing else is on its way."""
    others = [one for one in picture.live_parcels() if one.id != parcel.id]
    return all(is_delivered(picture, one) for one in others) and any(
        not one.lines and _has_left_later(picture, one, parcel) and delivered_at(picture, one) > since
        for one in others
    )


def _has_left_later(picture: OrderPicture, one: Parcel, other: Parcel) -> bool:
    first, second = left_at(picture, other), left_at(picture, one)
    return first is not None and second is not None and second > first


def held_for(picture: OrderPicture, recorded: Recorded, parcel_id: str | None) -> dict[EventKind, datetime]:
    """What has happened to the order, and to the parcel where it is about one. To the whole order it has
    happened, too, that somebody misses a parcel of it, for as long as they do."""
    held = {kind: at for (kind, of), at in recorded.items() if of in (None, parcel_id)}
    if parcel_id is None:
        for (kind, of), at in recorded.items():
            if kind is ArrivalDenied and is_missed(picture, of, at):
                held[kind] = min(at, held.get(kind, at))
    return held


def _lines(picture: OrderPicture, parcel: Parcel) -> tuple[OrderLine, ...]:
    """What is in it; of one whose store does not say, all that ships."""
    inside = {line.line_id for line in parcel.lines}
    return tuple(line for line in picture.order.lines if (line.id in inside if inside else line.ships))


def _came(picture: OrderPicture) -> Mapping[str, int]:
    """Pieces that have arrived, by line."""
    found: dict[str, int] = {}
    for parcel in picture.live_parcels():
        if is_delivered(picture, parcel):
            for line in parcel.lines:
                found[line.line_id] = found.get(line.line_id, 0) + line.quantity
    return found
