"""An order of a bulk file.

A bulk query may hold no listing inside a plain list, and parcels and refunds of an order are plain lists:
so the file tells neither what is in a parcel, nor its scans, nor which lines a refund gave back. Of old
orders nobody needs that any more; young ones that are not over are read again by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Noun, Reading, Store, Wish
from connectors.fields import read_instant
from connectors.shopify import normalise_graphql as words
from connectors.shopify.nodes import dig, listed
from flows.commerce import Order, ParcelStatus

YOUNG = timedelta(days=30)


def bulk_order(node: Any, lines: Sequence[Mapping[str, Any]], made_at: str, store: Store) -> Reading:
    """`lines` stand below it in the file, which is of `made_at`. Raises Malformed."""
    refunds = listed(node, "refunds")
    if refunds:
        # What is left of a line is what was not refunded, and not only what was not edited away.
        lines = [{**line, "currentQuantity": None} for line in lines]
    parcels = [one for one in listed(node, "fulfillments") if dig(one, "requiresShipping") is not False]
    reading = words.order({**node, "lineItems": {"nodes": list(lines)}, "fulfillments": parcels}, store)
    thin = replace(reading, refunds=tuple(replace(one, detailed=False) for one in reading.refunds))
    wishes = tuple(
        Wish(Noun.ORDER, order.id, "the file does not hold all of it")
        for order in reading.orders
        if _is_young(order, read_instant(made_at)) and _is_thin(order, thin)
    )
    return replace(thin, wishes=wishes)


def _is_young(order: Order, made_at: datetime | None) -> bool:
    return made_at is not None and order.version >= made_at - YOUNG


def _is_thin(order: Order, reading: Reading) -> bool:
    """Given back in part, or on its way."""
    part = bool(reading.refunds) and not order.fully_refunded
    over = (ParcelStatus.DELIVERED, ParcelStatus.CANCELLED)
    return part or any(parcel.status not in over for parcel in reading.parcels)
