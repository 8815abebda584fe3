"""One bad entry must not stop a listing for ever: it is asked for by itself, and fails there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from connectors.base import Malformed, Noun, Reading, Wish
from connectors.shopify.nodes import dig

_NUMBER = re.compile(r"gid://shopify/\w+/(\d{1,20})(?:\?.*)?")


def read_entry(node: Any, noun: Noun, read: Callable[[], Reading]) -> tuple[Reading, tuple[str, ...]]:
    """What `read` makes of `node`, or the wish to read it by itself, or why neither can be."""
    try:
        return read(), ()
    except Malformed as error:
        number = number_of(dig(node, "id"))
        if number is None:
            return Reading(), (f"{noun} without an id: {error}",)
        return Reading(wishes=(Wish(noun, number, f"unreadable in a listing: {error}"),)), ()


def number_of(gid: Any) -> str | None:
    found = _NUMBER.fullmatch(gid) if isinstance(gid, str) else None
    return found[1] if found else None


def joined(readings: Iterable[Reading]) -> Reading:
    readings = list(readings)
    return Reading(
        orders=tuple(item for reading in readings for item in reading.orders),
        parcels=tuple(item for reading in readings for item in reading.parcels),
        parcel_events=tuple(item for reading in readings for item in reading.parcel_events),
        refunds=tuple(item for reading in readings for item in reading.refunds),
        returns=tuple(item for reading in readings for item in reading.returns),
        products=tuple(item for reading in readings for item in reading.products),
        customers=tuple(item for reading in readings for item in reading.customers),
        consents=tuple(item for reading in readings for item in reading.consents),
        wishes=tuple(item for reading in readings for item in reading.wishes),
        stamp=max((reading.stamp for reading in readings if reading.stamp), default=None),
    )
