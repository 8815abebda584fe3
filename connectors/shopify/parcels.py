"""Fulfilments are parcels, their events are scans."""

from __future__ import annotations

from connectors.base import Malformed
from connectors.fields import web_address
from connectors.shopify import statuses
from connectors.shopify.carriers import is_known
from connectors.shopify.fields import (
    Body,
    children,
    count,
    flag,
    instant,
    link,
    maybe_text,
    own_id,
    reference,
    text,
    texts,
)
from flows.commerce import LineQuantity, Parcel, ParcelEvent, ParcelStatus, Tracking


def is_parcel(item: Body) -> bool:
    """Gift cards and downloads are fulfilled as well, but nothing is on its way."""
    lines = children(item, "line_items")
    return not lines or any(flag(line, "requires_shipping", default=True) for line in lines)


def parcel(item: Body, order_id: str | None) -> Parcel | None:
    """None where the body gives no time for it, so that it has to be read from the store.

    Raises Malformed without an id or an order.
    """
    order = order_id or reference(item, "order_id")
    if order is None:
        raise Malformed(f"{item.where('order_id')}: missing")
    created = instant(item, "created_at")
    version = instant(item, "updated_at") or created
    if version is None:
        return None
    first, *also = _tracking(item) or (Tracking(""),)
    status = statuses.parcel_status(text(item, "status"), text(item, "shipment_status"))
    return Parcel(
        id=own_id(item),
        order_id=order,
        version=version,
        status=status,
        carrier=text(item, "tracking_company"),
        tracking_number=first.number,
        tracking_url=first.url,
        name=text(item, "name"),
        lines=_lines(item),
        shipped_at=(created or version) if _has_left(status) else None,
        estimated_at=instant(item, "estimated_delivery_at"),
        delivered_at=instant(item, "delivered_at"),
        also=tuple(also),
        followed=is_known(text(item, "tracking_company")),
    )


def parcel_event(item: Body, *, gone: bool = False) -> ParcelEvent:
    """Raises Malformed without ids or the time of the scan."""
    parcel_id, order_id = reference(item, "fulfillment_id"), reference(item, "order_id")
    happened = instant(item, "happened_at") or instant(item, "created_at")
    if parcel_id is None or order_id is None or happened is None:
        missing = "fulfillment_id" if parcel_id is None else "order_id" if order_id is None else "happened_at"
        raise Malformed(f"{item.where(missing)}: missing")
    places = (maybe_text(item, key) for key in ("city", "province", "country"))
    return ParcelEvent(
        id=own_id(item),
        parcel_id=parcel_id,
        order_id=order_id,
        status=statuses.scan_status(text(item, "status")),
        happened_at=happened,
        message=text(item, "message"),
        place=", ".join(place for place in places if place),
        estimated_at=instant(item, "estimated_delivery_at"),
        gone=gone,
    )


def _lines(item: Body) -> tuple[LineQuantity, ...]:
    lines = children(item, "line_items")
    return tuple(LineQuantity(own_id(line), count(line, "quantity") or 0) for line in lines)


def _has_left(status: ParcelStatus) -> bool:
    return ParcelStatus.SHIPPED <= status < ParcelStatus.CANCELLED


def _tracking(item: Body) -> tuple[Tracking, ...]:
    """The numbers, each once and with its address, the one that stands by itself first. An address
    without any number is kept, too."""
    single, addresses = text(item, "tracking_number"), texts(item, "tracking_urls")
    found = {single: link(item, "tracking_url")} if single else {}
    for at, number in enumerate(texts(item, "tracking_numbers")):
        address = web_address(addresses[at]) if at < len(addresses) else None
        if number:
            found[number] = found.get(number) or address
    if found:
        return tuple(Tracking(number, address) for number, address in found.items())
    address = link(item, "tracking_url") or web_address(next(iter(addresses), None))
    return (Tracking("", address),) if address else ()
