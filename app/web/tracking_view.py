"""What the tracking page says: the state in words, progress, parcels with what is inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.queries.facts import ShopRow
from emails.dates import day, zone_named
from emails.i18n import Texts, nearest
from flows.commerce import OrderPicture, OrderState, Parcel, ParcelEvent, ParcelStatus
from flows.events import EventKind, events_that_hold

STEPS = ("confirmed", "shipped", "delivered")
_WORDS = {
    ParcelStatus.PENDING: "preparing",
    ParcelStatus.SHIPPED: "shipped",
    ParcelStatus.IN_TRANSIT: "in_transit",
    ParcelStatus.DELAYED: "delayed",
    ParcelStatus.OUT_FOR_DELIVERY: "out_for_delivery",
    ParcelStatus.ATTEMPTED: "attempted",
    ParcelStatus.READY_FOR_PICKUP: "pickup",
    ParcelStatus.FAILED: "failed",
    ParcelStatus.DELIVERED: "delivered",
    ParcelStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Step:
    word: str
    done: bool


@dataclass(frozen=True, slots=True)
class ParcelView:
    state: str
    carrier: str
    number: str
    url: str | None
    contents: tuple[str, ...]
    estimate: str | None
    scans: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TrackingView:
    """Ready to print; every text is plain and escaped by the template."""

    t: Texts
    shop: str
    shop_url: str
    support: str
    number: str
    headline: str
    steps: tuple[Step, ...]
    parcels: tuple[ParcelView, ...]


def view_of(shop: ShopRow, picture: OrderPicture) -> TrackingView:
    t = Texts(nearest(picture.order.locale or shop.locale), markup=False)
    happened = {event.kind for event in events_that_hold(picture)}
    return TrackingView(
        t=t,
        shop=shop.name or shop.domain,
        shop_url=shop.url,
        support=shop.email,
        number=picture.order.number,
        headline=t(f"page.tracking.{_state(picture, happened)}"),
        steps=tuple(Step(t(f"progress.{name}"), done) for name, done in _progress(happened)),
        parcels=tuple(_parcel(t, shop, picture, parcel) for parcel in picture.live_parcels()),
    )


def _state(picture: OrderPicture, happened: set[EventKind]) -> str:
    if picture.order.state is not OrderState.OPEN:
        return "cancelled"
    if EventKind.ORDER_REFUNDED in happened:
        return "refunded"
    if EventKind.ORDER_DELIVERED in happened:
        return "delivered"
    statuses = {_status(picture, parcel) for parcel in picture.live_parcels()}
    if ParcelStatus.OUT_FOR_DELIVERY in statuses:
        return "out_for_delivery"
    if ParcelStatus.DELAYED in statuses:
        return "delayed"
    return "shipped" if EventKind.PARCEL_SHIPPED in happened else "confirmed"


def _progress(happened: set[EventKind]) -> tuple[tuple[str, bool], ...]:
    marks = (EventKind.ORDER_PLACED, EventKind.PARCEL_SHIPPED, EventKind.ORDER_DELIVERED)
    return tuple((name, mark in happened) for name, mark in zip(STEPS, marks, strict=True))


def _parcel(t: Texts, shop: ShopRow, picture: OrderPicture, parcel: Parcel) -> ParcelView:
    titles = {line.id: line.title for line in picture.order.lines}
    scans = sorted(_scans(picture, parcel), key=lambda scan: scan.happened_at, reverse=True)
    return ParcelView(
        state=t(f"page.parcel.{_WORDS[_status(picture, parcel)]}"),
        carrier=parcel.carrier,
        number=parcel.tracking_number,
        url=parcel.tracking_url if (parcel.tracking_url or "").startswith("https://") else None,
        contents=tuple(
            f"{line.quantity} \u00d7 {titles[line.line_id]}"
            for line in parcel.lines
            if line.line_id in titles
        ),
        estimate=_day(shop, t, parcel.estimated_at) if parcel.estimated_at else None,
        scans=tuple(
            (_day(shop, t, scan.happened_at), scan.message or t(f"page.parcel.{_WORDS[scan.status]}"))
            for scan in scans
        ),
    )


def _scans(picture: OrderPicture, parcel: Parcel) -> list[ParcelEvent]:
    return [scan for scan in picture.parcel_events if scan.parcel_id == parcel.id and not scan.gone]


def _status(picture: OrderPicture, parcel: Parcel) -> ParcelStatus:
    return max((parcel.status, *(scan.status for scan in _scans(picture, parcel))))


def _day(shop: ShopRow, t: Texts, instant: datetime) -> str:
    return day(instant, zone_named(shop.timezone), t.locale)
