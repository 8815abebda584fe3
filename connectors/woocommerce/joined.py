"""The readings of a listing's entries as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from connectors.base import Malformed, Noun, Reading, Wish
from connectors.fields import Body, body


def joined(items: Iterable[Any], noun: Noun, read: Callable[[Body], Reading]) -> Reading:
    """One bad entry must not stop a listing for ever: it is asked for by itself, and fails there."""
    readings: list[Reading] = []
    for item in items:
        try:
            readings.append(read(body(item, noun)))
        except Malformed as error:
            number = item.get("id") if isinstance(item, Mapping) else None
            if isinstance(number, int):
                readings.append(
                    Reading(wishes=(Wish(noun, str(number), f"unreadable in a listing: {error}"),))
                )
    return Reading(
        orders=tuple(order for reading in readings for order in reading.orders),
        parcels=tuple(parcel for reading in readings for parcel in reading.parcels),
        refunds=tuple(refund for reading in readings for refund in reading.refunds),
        products=tuple(found for reading in readings for found in reading.products),
        wishes=tuple(wish for reading in readings for wish in reading.wishes),
        all_parcels_of=tuple(number for reading in readings for number in reading.all_parcels_of),
        all_refunds_of=tuple(number for reading in readings for number in reading.all_refunds_of),
    )
