"""An order as it was at an instant, read off how it is stored now.

Each part of it counts from its own instant on: a payment, a parcel, a scan, a refund. What was overwritten
since (an address, an earlier line) cannot be had back, and is as it is now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flows.commerce import Order, OrderState, Parcel, ParcelStatus, Shipped
from flows.copies import with_changes
from flows.events import delivered_at, is_delivered, left_at
from flows.picture import OrderPicture


def turning_points(picture: OrderPicture) -> tuple[datetime, ...]:
    """Every instant from which the order was another one, the first first."""
    return tuple(sorted(set(_instants(picture))))


def as_of(picture: OrderPicture, at: datetime) -> OrderPicture:
    refunds = tuple(one for one in picture.refunds if one.created_at <= at)
    parcels = tuple(_parcel_at(picture, one, at) for one in picture.parcels if _is_known(picture, one, at))
    order = picture.order
    # Stores that name no refund say no more than how much there was, and when they changed the order.
    every = len(refunds) == len(picture.refunds) and (bool(refunds) or order.version <= at)
    over = order.state is not OrderState.OPEN and _over_at(order) <= at
    return OrderPicture(
        with_changes(
            order,
            state=order.state if over else OrderState.OPEN,
            accepted_at=_by(order.accepted_at, at),
            paid_at=_by(order.paid_at, at),
            cancelled_at=_by(order.cancelled_at, at),
            refunded=order.refunded if every else sum(one.amount for one in refunds),
            fully_refunded=order.fully_refunded and every,
            shipped=_shipped_at(picture, parcels, at),
        ),
        parcels,
        tuple(one for one in picture.parcel_events if one.happened_at <= at),
        refunds,
        tuple(one for one in picture.returns if one.version <= at),
    )


def _instants(picture: OrderPicture) -> Iterator[datetime]:
    order = picture.order
    yield from (one for one in (order.accepted_at, order.paid_at) if one is not None)
    if order.state is not OrderState.OPEN:
        yield _over_at(order)
    if order.fully_refunded and not picture.refunds:
        yield order.version
    for parcel in picture.parcels:
        left = left_at(picture, parcel)
        if left is not None:
            yield left
        if is_delivered(picture, parcel):
            yield delivered_at(picture, parcel)
        if _is_told_by_itself(parcel) or parcel.put_off_to is not None or parcel.vanished:
            yield parcel.version
    yield from (scan.happened_at for scan in picture.parcel_events)
    yield from (refund.created_at for refund in picture.refunds)
    yield from (one.version for one in picture.returns)


def _over_at(order: Order) -> datetime:
    return order.cancelled_at or order.version if order.state is OrderState.CANCELLED else order.version


def _by(instant: datetime | None, at: datetime) -> datetime | None:
    return instant if instant is not None and instant <= at else None


def _is_known(picture: OrderPicture, parcel: Parcel, at: datetime) -> bool:
    left = left_at(picture, parcel)
    return left is not None and left <= at


def _parcel_at(picture: OrderPicture, parcel: Parcel, at: datetime) -> Parcel:
    there = is_delivered(picture, parcel) and delivered_at(picture, parcel) <= at
    scans = [scan.status for scan in picture.scans_of(parcel.id) if scan.happened_at <= at]
    status = max([ParcelStatus.SHIPPED, *scans])
    if there or (_is_told_by_itself(parcel) and parcel.version <= at):
        status = parcel.status
    moved = parcel.put_off_to is not None and parcel.version > at
    return with_changes(
        parcel,
        status=status,
        delivered_at=_by(parcel.delivered_at, at),
        estimated_at=parcel.promised_at or parcel.estimated_at if moved else parcel.estimated_at,
        put_off_to=None if moved else parcel.put_off_to,
        vanished=parcel.vanished and parcel.version <= at,
    )


def _is_told_by_itself(parcel: Parcel) -> bool:
    """A status that the store gives without a scan: it is known since the parcel was changed last."""
    return parcel.status > ParcelStatus.SHIPPED and parcel.status is not ParcelStatus.DELIVERED


def _shipped_at(picture: OrderPicture, parcels: tuple[Parcel, ...], at: datetime) -> Shipped:
    order = picture.order
    if not picture.parcels:
        return order.shipped if order.version <= at else Shipped.NONE
    leaving = [one for one in picture.live_parcels() if left_at(picture, one) is not None]
    if len(parcels) >= len(leaving):
        return order.shipped
    return Shipped.PART if parcels else Shipped.NONE
