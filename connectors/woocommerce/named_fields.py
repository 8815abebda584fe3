"""Parcels in order fields of which the merchant told us the names: the number, and what is kept with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from connectors.base import ShipmentWords
from connectors.fields import Body, clean, web_address
from connectors.woocommerce.metas import metas
from connectors.woocommerce.tracking import parcel_id
from flows.commerce import Order, Parcel, ParcelStatus

MOST = 50
LONGEST = 64
_BETWEEN = re.compile(r"[,;|\r\n\t]+")
# Carriers print long numbers in groups of up to four, "1Z 999 AA1 01 2345 6784": these are one.
_LONGEST_GROUP = 4
_DEEPEST = 2


def named_parcels(item: Body, order: Order, words: ShipmentWords) -> tuple[Parcel, ...]:
    """Each number is a parcel, known by it. Carriers and links stand beside the numbers in the same order; a
    single carrier is the one of all."""
    if not words.number_key:
        return ()
    values = metas(item)
    numbers = list(dict.fromkeys(_numbers(values.get(words.number_key))))[:MOST]
    carriers = list(_texts(values.get(words.carrier_key))) if words.carrier_key else []
    links = list(_texts(values.get(words.link_key))) if words.link_key else []
    return tuple(
        Parcel(
            id=parcel_id(order, number),
            order_id=order.id,
            version=order.version,
            status=ParcelStatus.SHIPPED,
            carrier=_beside(carriers, at, len(numbers)) or (carriers[0] if len(carriers) == 1 else ""),
            tracking_number=number,
            tracking_url=_link(links, number, at, len(numbers)),
            shipped_at=order.version,
            nameless=True,
        )
        for at, number in enumerate(numbers)
    )


def _link(links: list[str], number: str, at: int, of: int) -> str | None:
    """One link for several numbers is the one of the number that stands in it."""
    own = _beside(links, at, of) or next((link for link in links if number in link), "")
    return web_address(own)


def _beside(values: list[str], at: int, of: int) -> str:
    return values[at] if len(values) == of else ""


def _numbers(value: Any) -> Iterator[str]:
    for told in _texts(value):
        for piece in _BETWEEN.split(told):
            parts = piece.split()
            apart = all(len(part) > _LONGEST_GROUP for part in parts)
            for number in parts if apart else ("".join(parts),):
                if number.isprintable() and any(map(str.isalnum, number)) and len(number) <= LONGEST:
                    yield number


def _listed(written: str) -> Any:
    """A list that is written as JSON; what only looks like one says nothing."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def _texts(value: Any, deep: int = 0) -> Iterator[str]:
    """The texts and whole numbers in a field, which may be a list, also as JSON or with holes. Of an entry
    with fields of its own, as label plugins keep them, the tracking number alone: the rest is no number."""
    if isinstance(value, str):
        plain = clean(value).strip()
        if deep == 0 and plain[:1] in ("[", "{"):
            yield from _texts(_listed(plain), deep)
        elif plain:
            yield plain
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**LONGEST:
        yield str(value)
    elif isinstance(value, dict) and not all(map(str.isdecimal, value)) and deep < _DEEPEST:
        yield from _texts(value.get("tracking_number"), deep + 1)
    elif isinstance(value, list | dict) and deep < _DEEPEST:
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _texts(entry, deep + 1)
