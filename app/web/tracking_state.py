"""The state of an order in words: the headline, one sentence beneath it, and what to ask about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.speech import Speech
from app.web.tracking_parcels import Known, rest_follows
from emails.clean import one_line
from flows.commerce import OrderState, ParcelStatus
from flows.events import EventKind, events_that_hold
from flows.picture import OrderPicture

# Which parcel the headline is about: the one that needs its reader first, then the one that is nearest.
_URGENCY = (
    ParcelStatus.FAILED,
    ParcelStatus.READY_FOR_PICKUP,
    ParcelStatus.ATTEMPTED,
    ParcelStatus.OUT_FOR_DELIVERY,
    ParcelStatus.DELAYED,
    ParcelStatus.IN_TRANSIT,
    ParcelStatus.SHIPPED,
    ParcelStatus.PENDING,
)
_OF_STATUS = {
    ParcelStatus.FAILED: "failed",
    ParcelStatus.READY_FOR_PICKUP: "pickup",
    ParcelStatus.ATTEMPTED: "attempted",
    ParcelStatus.OUT_FOR_DELIVERY: "out",
    ParcelStatus.DELAYED: "delayed",
}
_HELP = {
    "open": ("address", "cancel"),
    "confirmed": ("when", "address", "cancel"),
    "digital": ("cancel",),
    "delivered": ("lost", "damaged", "return"),
    "part_here": ("lost", "damaged", "return"),
    "attempted": ("redirect", "damaged", "return"),
    "pickup": ("redirect", "damaged", "return"),
    "failed": ("address", "money"),
    "cancelled": ("money",),
    "refunded": ("money",),
}
_ON_THE_WAY = ("still", "redirect", "damaged", "return")


@dataclass(frozen=True, slots=True)
class State:
    """`name`: open, confirmed, digital, moving, out, delayed, attempted, pickup, failed, part_here,
    delivered, cancelled or refunded. `lead_parcel`: the one that the headline is about."""

    name: str
    headline: str
    lead: str
    lead_parcel: Known | None
    late: bool
    troubles: tuple[str, ...]


def state_of(picture: OrderPicture, parcels: Sequence[Known], speech: Speech) -> State:
    happened = {event.kind for event in events_that_hold(picture)}
    name, parcel = _which(picture, happened, parcels)
    late = parcel is not None and (name == "delayed" or (name == "moving" and parcel.overdue is not None))
    return State(
        name=name,
        headline=_headline(name, picture, parcels, parcel, speech),
        lead=_lead(name, picture, parcels, parcel, speech),
        lead_parcel=parcel,
        late=late,
        troubles=_HELP.get(name, _ON_THE_WAY),
    )


def _which(
    picture: OrderPicture, happened: set[EventKind], parcels: Sequence[Known]
) -> tuple[str, Known | None]:
    if picture.order.state is not OrderState.OPEN:
        return "cancelled", None
    if EventKind.ORDER_REFUNDED in happened:
        return "refunded", None
    if EventKind.ORDER_DELIVERED in happened:
        return "delivered", max(parcels, key=lambda one: (one.delivered is not None, one.delivered))
    coming = [one for one in parcels if one.status is not ParcelStatus.DELIVERED]
    if coming:
        parcel = min(coming, key=_nearest)
        if parcel.status is ParcelStatus.PENDING:
            return ("part_here" if len(coming) < len(parcels) else "confirmed"), parcel
        return _OF_STATUS.get(parcel.status, "moving"), parcel
    if parcels:
        return "part_here", None
    if picture.order.accepted_at is None:
        return "open", None
    return ("confirmed" if any(line.ships for line in picture.kept_lines()) else "digital"), None


def _nearest(parcel: Known) -> tuple[int, bool, float]:
    at = parcel.likely or parcel.overdue
    return _URGENCY.index(parcel.status), at is None, at.timestamp() if at else 0.0


def _headline(
    name: str, picture: OrderPicture, parcels: Sequence[Known], parcel: Known | None, speech: Speech
) -> str:
    t = speech.words
    if parcel is None or name not in ("moving", "out", "delayed"):
        return t(f"page.tracking.{name}")
    if name == "moving" and parcel.likely is None and parcel.overdue is not None:
        return t("page.tracking.moving.overdue")
    if name == "moving" and (rest_follows(picture) or any(one.left is None for one in parcels)):
        name = "part"
    if parcel.likely is None:
        return t(f"page.tracking.{name}")
    days = sorted(
        one.likely for one in parcels if one.likely and one.status is not ParcelStatus.DELIVERED and one.left
    )
    if name in ("moving", "part") and days and speech.date(days[0]) != speech.date(days[-1]):
        first, last = speech.near(days[0]), speech.near(days[-1])
        return t(f"page.tracking.{name}.range", first=first, last=last)
    return t(f"page.tracking.{name}.likely", day=speech.near(parcel.likely))


def _lead(
    name: str, picture: OrderPicture, parcels: Sequence[Known], parcel: Known | None, speech: Speech
) -> str:
    t = speech.words
    if name in ("open", "confirmed", "digital", "cancelled", "refunded"):
        return t(f"page.tracking.{name}.lead")
    if name == "delivered":
        at = parcel.delivered if parcel else None
        return t("page.tracking.delivered.lead", day=speech.day(at)) if at else ""
    if parcel is None or name == "part_here":
        return t("page.tracking.rest")
    if name == "delayed":
        return _carrier_says(parcel, speech)
    if name == "pickup":
        place = _newest(parcel, ParcelStatus.READY_FOR_PICKUP)[1]
        return t("page.tracking.pickup.at", place=place) if place else t("page.tracking.pickup.lead")
    if name in ("attempted", "failed"):
        return t(f"page.tracking.{name}.lead")
    if name == "moving" and parcel.overdue is not None:
        return t("page.tracking.late.planned", day=speech.day(parcel.overdue))
    if rest_follows(picture) or any(one.left is None for one in parcels):
        return t("page.tracking.rest")
    return _left(parcel, speech) if len(parcels) == 1 else ""


def _carrier_says(parcel: Known, speech: Speech) -> str:
    message = _newest(parcel, ParcelStatus.DELAYED)[0]
    return speech.words("page.tracking.held", message=message) if message else ""


def _newest(parcel: Known, status: ParcelStatus) -> tuple[str, str]:
    """Words and place of the newest scan of this state."""
    scan = next((scan for scan in parcel.scans if scan.status is status), None)
    return (one_line(scan.message, 160), one_line(scan.place, 80)) if scan else ("", "")


def _left(parcel: Known, speech: Speech) -> str:
    if parcel.left is None:
        return ""
    carrier = one_line(parcel.parcel.carrier, 40)
    if carrier:
        return speech.words("page.tracking.left.by", day=speech.day(parcel.left), carrier=carrier)
    return speech.words("page.tracking.left", day=speech.day(parcel.left))
