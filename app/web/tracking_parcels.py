"""What is known of one parcel: how far it is, when it likely comes, what lies in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from app.web.speech import Speech
from flows.commerce import OrderLine, Parcel, ParcelEvent, ParcelStatus, Shipped
from flows.picture import OrderPicture

Contents = tuple[tuple[OrderLine, int], ...]

CONFIRMED, PACKED, MOVING, OUT, DELIVERED = range(5)
_AT_THE_DOOR = (ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.ATTEMPTED, ParcelStatus.READY_FOR_PICKUP)


@dataclass(frozen=True, slots=True)
class Known:
    """`scans` newest first. `likely`: a forecast that still stands; `overdue`: one whose day has passed.
    `first_planned`: an earlier forecast, where it named another day. `reached`: CONFIRMED to DELIVERED."""

    parcel: Parcel
    status: ParcelStatus
    scans: tuple[ParcelEvent, ...]
    contents: Contents
    left: datetime | None
    likely: datetime | None
    overdue: datetime | None
    first_planned: datetime | None
    delivered: datetime | None
    reached: int

    def at(self, *statuses: ParcelStatus) -> datetime | None:
        """When it was first in one of these states."""
        return min((scan.happened_at for scan in self.scans if scan.status in statuses), default=None)


def known_parcels(picture: OrderPicture, speech: Speech) -> tuple[Known, ...]:
    """In the order in which they left; those that have not left come last."""
    found = [_known(picture, parcel, speech) for parcel in picture.live_parcels()]
    return tuple(
        sorted(found, key=lambda one: (one.left is None, one.left or one.parcel.version, one.parcel.id))
    )


def still_here(picture: OrderPicture) -> Contents:
    """What is to be sent and lies in no parcel yet; nothing where some parcel does not say what it holds."""
    live = picture.live_parcels()
    if not live or not all(parcel.lines for parcel in live):
        return ()
    sent = Counter[str]()
    for parcel in live:
        for part in parcel.lines:
            sent[part.line_id] += part.quantity
    refunded = picture.refunded_quantities()
    missing = (
        (line, line.quantity - refunded.get(line.id, 0) - sent[line.id])
        for line in picture.kept_lines()
        if line.ships
    )
    return tuple((line, quantity) for line, quantity in missing if quantity > 0)


def rest_follows(picture: OrderPicture) -> bool:
    live = picture.live_parcels()
    if live and all(parcel.lines for parcel in live):
        return bool(still_here(picture))
    return picture.order.shipped is Shipped.PART


def _known(picture: OrderPicture, parcel: Parcel, speech: Speech) -> Known:
    scans = sorted(
        (one for one in picture.parcel_events if one.parcel_id == parcel.id and not one.gone),
        key=lambda one: (one.happened_at, one.status, one.id),
        reverse=True,
    )
    status = max((parcel.status, *(scan.status for scan in scans)))
    moved = [scan.happened_at for scan in scans if scan.status >= ParcelStatus.SHIPPED]
    left = parcel.shipped_at or min(moved, default=None)
    delivered = _delivered(parcel, scans)
    estimate = _estimate(parcel, scans, left) if status < ParcelStatus.DELIVERED else None
    passed = estimate is not None and speech.date(estimate) < speech.date(speech.now)
    return Known(
        parcel=parcel,
        status=status,
        scans=tuple(scans),
        contents=_contents(picture, parcel),
        left=left,
        likely=None if passed else estimate,
        overdue=estimate if passed else None,
        first_planned=_first_planned(scans, estimate, speech),
        delivered=delivered,
        reached=_reached(status, scans),
    )


def _delivered(parcel: Parcel, scans: list[ParcelEvent]) -> datetime | None:
    """The first of its delivery scans; without one, what the store says."""
    told = [scan.happened_at for scan in scans if scan.status is ParcelStatus.DELIVERED]
    if told:
        return min(told)
    return parcel.delivered_at if parcel.status is ParcelStatus.DELIVERED else None


def _estimate(parcel: Parcel, scans: list[ParcelEvent], left: datetime | None) -> datetime | None:
    """The newest forecast. One from before the parcel left is a leftover of an earlier one."""
    told = next((scan.estimated_at for scan in scans if scan.estimated_at), None) or parcel.estimated_at
    return told if told and (left is None or told >= left) else None


def _first_planned(scans: list[ParcelEvent], estimate: datetime | None, speech: Speech) -> datetime | None:
    first = next((scan.estimated_at for scan in reversed(scans) if scan.estimated_at), None)
    if first is None or estimate is None or speech.date(first) >= speech.date(estimate):
        return None
    return first


def _contents(picture: OrderPicture, parcel: Parcel) -> Contents:
    """What the store says; where it does not, all that was to be sent, if that is in one parcel."""
    lines = {line.id: line for line in picture.order.lines}
    if parcel.lines:
        return tuple((lines[part.line_id], part.quantity) for part in parcel.lines if part.line_id in lines)
    if len(picture.live_parcels()) > 1 or picture.order.shipped is Shipped.PART:
        return ()
    return tuple((line, line.quantity) for line in picture.kept_lines() if line.ships)


def _reached(status: ParcelStatus, scans: list[ParcelEvent]) -> int:
    if status is ParcelStatus.DELIVERED:
        return DELIVERED
    if any(scan.status in _AT_THE_DOOR for scan in scans) or status in _AT_THE_DOOR:
        return OUT
    return MOVING if status >= ParcelStatus.SHIPPED else PACKED
