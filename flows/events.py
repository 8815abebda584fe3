"""What happened to an order, read off its picture.

An event holds or does not hold in a picture; once it held, it has happened. So events do not
depend on the order in which a store's messages arrive, nor on how often they do: the same
picture gives the same keys, and a key is stored once per shop and generation. Only what a store can take
back, and what was only a guess, ends when the picture speaks against it: then it keeps its instant under
another key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flows.commerce import OrderState, Parcel, ParcelEvent, ParcelStatus, Refund, ReturnState, Shipped
from flows.picture import OrderPicture


class EventKind(StrEnum):
    ORDER_PLACED = "OrderPlaced"
    ORDER_PAID = "OrderPaid"
    PARCEL_SHIPPED = "ParcelShipped"
    ESTIMATE_MOVED = "EstimateMoved"
    PARCEL_DELAYED = "ParcelDelayed"
    PARCEL_STALLED = "ParcelStalled"
    PARCEL_LATE = "ParcelLate"
    PARCEL_OUT_FOR_DELIVERY = "ParcelOutForDelivery"
    PARCEL_READY_FOR_PICKUP = "ParcelReadyForPickup"
    PARCEL_FAILED = "ParcelFailed"
    ARRIVAL_DENIED = "ArrivalDenied"
    PARCEL_DELIVERED = "ParcelDelivered"
    ORDER_DELIVERED = "OrderDelivered"
    RETURN_REQUESTED = "ReturnRequested"
    LINES_REFUNDED = "LinesRefunded"
    ORDER_REFUNDED = "OrderRefunded"
    ORDER_CANCELLED = "OrderCancelled"
    ORDER_DELETED = "OrderDeleted"
    REVIEW_SUBMITTED = "ReviewSubmitted"
    LINK_CLICKED = "LinkClicked"
    PRODUCT_VIEWED = "ProductViewed"
    ORDERED_AGAIN = "OrderedAgain"
    ANNIVERSARY_CAME = "AnniversaryCame"
    BIRTHDAY_CAME = "BirthdayCame"
    SEASON_CAME = "SeasonCame"
    SURPRISE_DRAWN = "SurpriseDrawn"
    UNSUBSCRIBED = "Unsubscribed"


OrderPlaced = EventKind.ORDER_PLACED
OrderPaid = EventKind.ORDER_PAID
ParcelShipped = EventKind.PARCEL_SHIPPED
EstimateMoved = EventKind.ESTIMATE_MOVED
ParcelDelayed = EventKind.PARCEL_DELAYED
ParcelStalled = EventKind.PARCEL_STALLED
ParcelLate = EventKind.PARCEL_LATE
ParcelOutForDelivery = EventKind.PARCEL_OUT_FOR_DELIVERY
ParcelReadyForPickup = EventKind.PARCEL_READY_FOR_PICKUP
ParcelFailed = EventKind.PARCEL_FAILED
ArrivalDenied = EventKind.ARRIVAL_DENIED
ParcelDelivered = EventKind.PARCEL_DELIVERED
OrderDelivered = EventKind.ORDER_DELIVERED
ReturnRequested = EventKind.RETURN_REQUESTED
LinesRefunded = EventKind.LINES_REFUNDED
OrderRefunded = EventKind.ORDER_REFUNDED
OrderCancelled = EventKind.ORDER_CANCELLED
OrderDeleted = EventKind.ORDER_DELETED
ReviewSubmitted = EventKind.REVIEW_SUBMITTED
LinkClicked = EventKind.LINK_CLICKED
ProductViewed = EventKind.PRODUCT_VIEWED
OrderedAgain = EventKind.ORDERED_AGAIN
AnniversaryCame = EventKind.ANNIVERSARY_CAME
BirthdayCame = EventKind.BIRTHDAY_CAME
SeasonCame = EventKind.SEASON_CAME
SurpriseDrawn = EventKind.SURPRISE_DRAWN
Unsubscribed = EventKind.UNSUBSCRIBED

WHILE_IT_IS: Mapping[EventKind, OrderState] = {
    OrderCancelled: OrderState.CANCELLED,
    OrderDeleted: OrderState.GONE,
}
"""What a store can take back: a cancelled order is paid after all, one is taken out of the trash. It counts
while the order is in that state, and when it comes again it has happened once more."""

OF_PARCELS = frozenset(
    {
        ParcelShipped,
        EstimateMoved,
        ParcelDelayed,
        ParcelStalled,
        ParcelLate,
        ParcelOutForDelivery,
        ParcelReadyForPickup,
        ParcelFailed,
        ArrivalDenied,
        ParcelDelivered,
    }
)
"""What happens to one parcel, and names it."""
OF_THE_WHOLE_TOO = frozenset({ArrivalDenied})
"""What of it has happened to the whole order as well."""

REPEATED = frozenset({LinesRefunded, EstimateMoved, ParcelFailed, ReturnRequested})
"""What may happen more than once to an order or a parcel: each time it has a key of its own."""

SHOPPER = "shopper"
INFERRED = "inferred"
A_DAY = timedelta(days=1)

_OVER = {OrderCancelled: "cancelled", OrderDeleted: "deleted"}
_LAST_WORDS = {**_OVER, ParcelDelivered: "delivered", OrderDelivered: "delivered"}
_NATURAL_ORDER = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(frozen=True, slots=True)
class Event:
    """`subject` is what a journey may run for: `order:13` or `parcel:9`. `key` is unique for ever. `source`:
    who says it where it is not the store: the SHOPPER, or we who INFERRED it."""

    kind: EventKind
    key: str
    subject: str
    order_id: str
    happened_at: datetime
    parcel_id: str | None = None
    source: str | None = None


def events_that_hold(picture: OrderPicture) -> tuple[Event, ...]:
    """Every event of the order that the picture proves, in the order in which they happen."""
    if picture.order.accepted_at is None and picture.order.state is OrderState.OPEN:
        return ()
    return tuple(sorted(_walk(picture), key=natural_order))


def confirmed_by_shopper(parcel_id: str, order_id: str, at: datetime) -> ParcelEvent:
    """That a parcel is there, said by whom it was for: it counts as a scan does."""
    return ParcelEvent(f"{SHOPPER}:{parcel_id}", parcel_id, order_id, ParcelStatus.DELIVERED, at)


def taken_back(picture: OrderPicture) -> frozenset[EventKind]:
    """What the order is not, or not any more."""
    return frozenset(kind for kind, state in WHILE_IT_IS.items() if picture.order.state is not state)


def key_while_it_is(kind: EventKind, order_id: str) -> str:
    return f"order:{order_id}:{_OVER[kind]}"


def refund_key(refund: Refund) -> str:
    return f"refund:{refund.id}"


def past_key(key: str, mark: str) -> str:
    """Under which an event that was taken back stays in the past, so that it may come once more."""
    return f"{key}:{mark}"


def is_past(kind: EventKind, key: str) -> bool:
    return kind in _LAST_WORDS and not key.endswith(f":{_LAST_WORDS[kind]}")


def natural_order(event: Event) -> tuple[datetime, int, str]:
    """Stores tell whole seconds, so much happens at once: then the natural order of kinds decides."""
    return event.happened_at, _NATURAL_ORDER[event.kind], event.key


def _walk(picture: OrderPicture) -> Iterator[Event]:
    order = picture.order
    subject = f"order:{order.id}"
    if order.accepted_at is not None:
        yield Event(OrderPlaced, f"{subject}:placed", subject, order.id, order.accepted_at)
    if order.paid_at is not None:
        yield Event(OrderPaid, f"{subject}:paid", subject, order.id, order.paid_at)
    for parcel in picture.live_parcels():
        yield from _parcel_events(picture, parcel)
    if _is_delivered(picture):
        moments = [delivered_at(picture, parcel) for parcel in picture.live_parcels()]
        said = {_who_says(picture, parcel) for parcel in picture.live_parcels()}
        source = SHOPPER if SHOPPER in said else None
        key = f"{subject}:delivered"
        yield Event(OrderDelivered, key, subject, order.id, max(moments), source=source)
    for one in picture.returns:
        if one.state not in (ReturnState.DECLINED, ReturnState.CANCELLED):
            yield Event(ReturnRequested, f"return:{one.id}", subject, order.id, one.version)
    for refund in picture.refunds:
        yield Event(LinesRefunded, refund_key(refund), subject, order.id, refund.created_at)
    if picture.is_paid_back():
        last = max((refund.created_at for refund in picture.refunds), default=order.version)
        yield Event(OrderRefunded, f"{subject}:refunded", subject, order.id, last)
    if order.state is OrderState.CANCELLED:
        at = order.cancelled_at or order.version
        yield Event(OrderCancelled, key_while_it_is(OrderCancelled, order.id), subject, order.id, at)
    if order.state is OrderState.GONE:
        yield Event(OrderDeleted, key_while_it_is(OrderDeleted, order.id), subject, order.id, order.version)


def _parcel_events(picture: OrderPicture, parcel: Parcel) -> Iterator[Event]:
    subject = f"parcel:{parcel.id}"
    scans = picture.scans_of(parcel.id)

    def event(kind: EventKind, name: str, at: datetime, source: str | None = None) -> Event:
        return Event(kind, f"{subject}:{name}", subject, picture.order.id, at, parcel.id, source)

    shipped = left_at(picture, parcel)
    if shipped is not None:
        yield event(ParcelShipped, "shipped", shipped)
    for kind, status, name in _FIRST_SCANS:
        at = min((scan.happened_at for scan in scans if scan.status is status), default=None)
        if at is None and parcel.status is status and kind not in _BY_SCAN_ALONE:
            at = parcel.version
        if at is not None:
            yield event(kind, name, at)
    put_off = _put_off(picture, parcel, scans)
    if put_off is not None:
        told_at, day = put_off
        yield event(EstimateMoved, f"moved:{day:%Y-%m-%d}", told_at)
    if is_delivered(picture, parcel):
        moment = delivered_at(picture, parcel)
        yield event(ParcelDelivered, "delivered", moment, _who_says(picture, parcel))


_FIRST_SCANS = (
    (ParcelDelayed, ParcelStatus.DELAYED, "delayed"),
    (ParcelOutForDelivery, ParcelStatus.OUT_FOR_DELIVERY, "out"),
    (ParcelFailed, ParcelStatus.ATTEMPTED, "attempted"),
    (ParcelReadyForPickup, ParcelStatus.READY_FOR_PICKUP, "pickup"),
    (ParcelFailed, ParcelStatus.FAILED, "failed"),
)
_BY_SCAN_ALONE = frozenset({ParcelDelayed, ParcelOutForDelivery})


def _put_off(
    picture: OrderPicture, parcel: Parcel, scans: Sequence[ParcelEvent]
) -> tuple[datetime, datetime] | None:
    """When it was told, and to which day, that a parcel comes a day or more after the earliest day that was
    ever told for it, and later than ever told before."""
    now = picture.estimate_of(parcel)
    told = [at for at in (parcel.promised_at, parcel.estimated_at, parcel.put_off_to) if at is not None]
    told += [scan.estimated_at for scan in scans if scan.estimated_at is not None]
    told = [at for at in told if parcel.shipped_at is None or at >= parcel.shipped_at]
    if now is None or now < max(told) or now - min(told) < A_DAY:
        return None
    return min((scan.happened_at for scan in scans if scan.estimated_at == now), default=parcel.version), now


def left_at(picture: OrderPicture, parcel: Parcel) -> datetime | None:
    """When the parcel was sent; None while it was not."""
    moved = [scan.happened_at for scan in picture.scans_of(parcel.id) if scan.status >= ParcelStatus.SHIPPED]
    if parcel.status < ParcelStatus.SHIPPED and not moved:
        return None
    if parcel.delivered_at is not None:
        moved.append(parcel.delivered_at)
    return parcel.shipped_at or min(moved, default=parcel.version)


def is_delivered(picture: OrderPicture, parcel: Parcel) -> bool:
    return parcel.status is ParcelStatus.DELIVERED or bool(_arrivals(picture, parcel))


def delivered_at(picture: OrderPicture, parcel: Parcel) -> datetime:
    scans = [scan.happened_at for scan in _arrivals(picture, parcel)]
    return min(scans, default=parcel.delivered_at or parcel.version)


def _who_says(picture: OrderPicture, parcel: Parcel) -> str | None:
    """The shopper, where nobody else says that the parcel is there."""
    scans = _arrivals(picture, parcel)
    alone = bool(scans) and all(scan.id.startswith(f"{SHOPPER}:") for scan in scans)
    return SHOPPER if alone and parcel.status is not ParcelStatus.DELIVERED else None


def _arrivals(picture: OrderPicture, parcel: Parcel) -> list[ParcelEvent]:
    return [one for one in picture.scans_of(parcel.id) if one.status is ParcelStatus.DELIVERED]


def _is_delivered(picture: OrderPicture) -> bool:
    """The last parcel: all that ships and was not refunded has left, and all that left arrived."""
    return all(is_delivered(picture, parcel) for parcel in picture.live_parcels()) and has_all_left(picture)


def has_all_left(picture: OrderPicture) -> bool:
    """Something was sent, and all that ships and was not refunded."""
    if not picture.live_parcels():
        return False
    return picture.order.shipped is Shipped.ALL or _all_lines_shipped(picture)


def _all_lines_shipped(picture: OrderPicture) -> bool:
    shipped: dict[str, int] = {}
    for parcel in picture.live_parcels():
        for line in parcel.lines:
            shipped[line.line_id] = shipped.get(line.line_id, 0) + line.quantity
    refunded = picture.refunded_quantities()
    due = [line for line in picture.kept_lines() if line.ships]
    return bool(due) and all(
        shipped.get(line.id, 0) >= line.quantity - refunded.get(line.id, 0) for line in due
    )
