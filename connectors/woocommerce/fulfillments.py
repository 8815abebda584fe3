"""WooCommerce's own fulfilments (10.1 and later, where switched on): each is a parcel."""

from __future__ import annotations

from dataclasses import replace

from connectors.fields import Body, children, flag, instant, own_id, web_address
from connectors.woocommerce.lines import pieces
from connectors.woocommerce.metas import entries, metas, word
from connectors.woocommerce.tracking import parcel_id
from flows.commerce import LineQuantity, Order, Parcel, ParcelStatus

_OFF = ParcelStatus.CANCELLED


def fulfilled_parcels(answer: Body, order: Order) -> tuple[Parcel, ...]:
    """From the answer of `orders/<id>/fulfillments`. What was handed over is no parcel, unless it bears a
    number."""
    ships = not order.lines or any(line.ships for line in order.lines)
    found = (_parcel(item, order) for item in children(answer, "fulfillments"))
    return tuple(one for one in found if ships or one.tracking_number)


def each_once(tracked: tuple[Parcel, ...], found: tuple[Parcel, ...], order: Order) -> tuple[Parcel, ...]:
    """With the parcels that a tracking plugin keeps. One that is kept in both places is the plugin's, with
    what is inside; what was called off says nothing of it."""
    named = {one.id: parcel_id(order, one.tracking_number) for one in found if one.tracking_number}
    inside = {named[one.id]: one.lines for one in found if one.id in named and one.status is not _OFF}
    kept = {one.id for one in tracked}
    return (
        *(replace(one, lines=one.lines or inside.get(one.id, ())) for one in tracked),
        *(one for one in found if named.get(one.id) not in kept),
    )


def _parcel(item: Body, order: Order) -> Parcel:
    values = metas(item)
    meta = Body(values, item.where("meta_data"))
    status = _status(item)
    version = instant(item, "date_updated") or order.version
    return Parcel(
        id=f"{order.id}:fulfillment-{own_id(item)}",
        order_id=order.id,
        version=version,
        status=status,
        carrier=word(values, "_shipment_provider", "_shipping_provider"),
        tracking_number=word(values, "_tracking_number"),
        tracking_url=web_address(values.get("_tracking_url")),
        lines=tuple(
            LineQuantity(line_id, pieces(Body(entry, meta.where("_items")), "qty"))
            for entry in entries(values.get("_items"))
            if (line_id := word(entry, "item_id"))
        ),
        shipped_at=(instant(meta, "_date_fulfilled") or version) if status is ParcelStatus.SHIPPED else None,
    )


def _status(item: Body) -> ParcelStatus:
    if instant(item, "date_deleted") is not None:
        return _OFF
    return ParcelStatus.SHIPPED if flag(item, "is_fulfilled") else ParcelStatus.PENDING
