"""Parcels of an order, from whichever of five sources the shop uses.

1. the order meta of shipment tracking plugins: one parcel for each entry (tracking.py);
2. the same with the further fields of Advanced Shipment Tracking: what is inside;
3. WooCommerce's own fulfilments: the order only says that there are some (fulfillments.py);
4. fields of any other plugin, which the merchant has named (named_fields.py);
5. nothing: an order that is completed has left, without a number.

What a status means is the merchant's to say, where it was said.
"""

from __future__ import annotations

from dataclasses import replace

from connectors.base import ShipmentWords
from connectors.fields import Body, instant
from connectors.woocommerce.metas import metas, word
from connectors.woocommerce.named_fields import named_parcels
from connectors.woocommerce.statuses import Status, meaning
from connectors.woocommerce.tracking import tracked_parcels
from flows.commerce import Order, Parcel, ParcelStatus, Shipped

_FULFILLMENT = "_fulfillment_status"
_NONE_YET = frozenset({"", "no_fulfillments", "unfulfilled"})
_FULFILLED = {"fulfilled": Shipped.ALL, "partially_fulfilled": Shipped.PART}


def has_fulfillments(item: Body) -> bool:
    return word(metas(item), _FULFILLMENT) not in _NONE_YET


def shipped_told(item: Body, status: Status, words: ShipmentWords) -> Shipped:
    """By the status; where that word says nothing, an order that was once completed has left, if that is
    what the shop means by it."""
    by_status = status.shipped
    if by_status is None:
        completed = instant(item, "date_completed_gmt") is not None
        by_status = (meaning("completed", words).shipped if completed else None) or Shipped.NONE
    told = {by_status, _FULFILLED.get(word(metas(item), _FULFILLMENT), Shipped.NONE)}
    return next(much for much in (Shipped.ALL, Shipped.PART, Shipped.NONE) if much in told)


def parcels_told(item: Body, order: Order, status: Status, words: ShipmentWords) -> tuple[Parcel, ...]:
    """What the order's own body tells of its parcels. A number that stands in two places is one parcel."""
    tracked = tracked_parcels(item, order)
    known = {parcel.id for parcel in tracked}
    named = named_parcels(item, order, words)
    parcels = (*tracked, *(parcel for parcel in named if parcel.id not in known))
    gone = order.shipped is Shipped.ALL and any(line.ships for line in order.lines)
    if not parcels and gone and not has_fulfillments(item):
        parcels = (_without_number(item, order),)
    return standing(parcels, order, status)


def standing(parcels: tuple[Parcel, ...], order: Order, status: Status) -> tuple[Parcel, ...]:
    """WooCommerce knows nothing of a parcel on its way: a status of the order stands for all that left."""
    if status.stands is ParcelStatus.SHIPPED:
        return parcels
    there = order.version if status.stands is ParcelStatus.DELIVERED else None
    return tuple(
        replace(parcel, status=status.stands, delivered_at=there)
        if parcel.status is ParcelStatus.SHIPPED
        else parcel
        for parcel in parcels
    )


def _without_number(item: Body, order: Order) -> Parcel:
    return Parcel(
        id=f"{order.id}:completed",
        order_id=order.id,
        version=order.version,
        status=ParcelStatus.SHIPPED,
        shipped_at=instant(item, "date_completed_gmt") or order.version,
        nameless=True,
    )
