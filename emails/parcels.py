"""What a mail says of a parcel: which of how many, what is inside, and what is still to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from emails.clean import NBSP, carrier_name, one_line
from emails.message import MailContext
from emails.order_lines import Listing, packed
from emails.voice import Voice
from flows.commerce import OrderLine, Parcel, ParcelStatus, Shipped
from flows.picture import OrderPicture

MOST_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class ParcelView:
    """`position` is 0 where there is one parcel, or the mail is about all of them. Days are "" where
    they are not known. `rest_follows`: something is still to be sent; `rest` lists it where the store
    says what."""

    position: int
    count: int
    contents: Listing
    rest: Listing
    rest_follows: bool
    shipped_on: str
    likely_on: str
    delivered_on: str
    carrier: str
    tracking_number: str


def parcel_view(context: MailContext, parcel: Parcel, voice: Voice) -> ParcelView:
    picture = context.picture
    live = sorted(picture.live_parcels(), key=lambda other: (other.shipped_at or other.version, other.id))
    ids = [other.id for other in live]
    one_of_several = context.parcel is not None and len(live) > 1 and parcel.id in ids
    rest = _still_to_send(picture)
    delivered = _delivered_at(picture, parcel)
    likely = context.picture.estimate_of(parcel)
    return ParcelView(
        position=ids.index(parcel.id) + 1 if one_of_several else 0,
        count=len(live),
        contents=packed(_contents(context, parcel), context, voice),
        rest=packed(rest or (), context, voice),
        rest_follows=bool(rest) if rest is not None else picture.order.shipped is Shipped.PART,
        shipped_on=voice.day(parcel.shipped_at) if parcel.shipped_at else "",
        likely_on=voice.day(likely) if likely and not delivered else "",
        delivered_on=voice.day(delivered) if delivered else "",
        carrier=carrier_name(parcel.carrier),
        tracking_number=_numbers(parcel),
    )


def parcel_in_question(context: MailContext) -> Parcel | None:
    """The parcel that the mail is about; for a mail about the whole order the one that came last."""
    if context.parcel is not None:
        return context.parcel
    return max(
        context.picture.live_parcels(),
        key=lambda parcel: (_delivered_at(context.picture, parcel) or parcel.version, parcel.id),
        default=None,
    )


def short_days(context: MailContext, parcel: Parcel | None, voice: Voice) -> tuple[str, str]:
    """When the parcel left and arrived (or likely will), for the progress strip."""
    if parcel is None:
        return "", ""
    left = voice.short_day(parcel.shipped_at) if parcel.shipped_at else ""
    delivered, likely = _delivered_at(context.picture, parcel), context.picture.estimate_of(parcel)
    if delivered:
        return left, voice.short_day(delivered)
    return left, voice.words("progress.likely", day=voice.short_day(likely)) if likely else ""


def _numbers(parcel: Parcel) -> str:
    """The parcel's numbers; of one in many pieces, those that a line has room for."""
    told = (parcel.tracking_number, *(one.number for one in parcel.also))
    shown = (one_line(number, 40).replace(" ", NBSP) for number in told[:MOST_NUMBERS])
    return ", ".join(filter(None, shown))


def _contents(context: MailContext, parcel: Parcel) -> Sequence[tuple[OrderLine, int]]:
    if context.parcel is None or not parcel.lines:
        return [(line, line.quantity) for line in context.lines]
    lines = {line.id: line for line in context.lines}
    return [(lines[part.line_id], part.quantity) for part in parcel.lines if part.line_id in lines]


def _still_to_send(picture: OrderPicture) -> Sequence[tuple[OrderLine, int]] | None:
    """What is in no parcel yet, or None where some parcel does not say what is inside."""
    live = picture.live_parcels()
    if not all(parcel.lines for parcel in live):
        return None
    sent = Counter[str]()
    for parcel in live:
        for part in parcel.lines:
            sent[part.line_id] += part.quantity
    missing = [
        (line, line.quantity - picture.refunded_quantity(line.id) - sent[line.id])
        for line in picture.kept_lines()
        if line.ships
    ]
    return [(line, quantity) for line, quantity in missing if quantity > 0]


def _delivered_at(picture: OrderPicture, parcel: Parcel) -> datetime | None:
    scans = [
        scan.happened_at
        for scan in picture.parcel_events
        if scan.parcel_id == parcel.id and scan.status is ParcelStatus.DELIVERED and not scan.gone
    ]
    if scans:
        return min(scans)
    return parcel.delivered_at if parcel.status is ParcelStatus.DELIVERED else None
