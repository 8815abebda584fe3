"""WooCommerce's own fulfilments (10.1 and later, where switched on): each is a parcel."""

from __future__ import annotations

from connectors.fields import Body, children, flag, instant, own_id, web_address
from connectors.woocommerce.lines import pieces
from connectors.woocommerce.metas import entries, metas, word
from flows.commerce import LineQuantity, Order, Parcel, ParcelStatus


def fulfilled_parcels(answer: Body, order: Order) -> tuple[Parcel, ...]:
    """From the answer of `orders/<id>/fulfillments`. What was handed over is no parcel, unless it bears a
    number."""
    ships = not order.lines or any(line.ships for line in order.lines)
    found = (_parcel(item, order) for item in children(answer, "fulfillments"))
    return tuple(one for one in found if ships or one.tracking_number)


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
        return ParcelStatus.CANCELLED
    return ParcelStatus.SHIPPED if flag(item, "is_fulfilled") else ParcelStatus.PENDING
