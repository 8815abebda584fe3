"""When a parcel is there, where nobody says so: likely days from a small table, and what time alone tells.

A parcel that no carrier scans is taken to be there on a cautious day: nineteen of twenty come before it. The
days are working days since it left, by carrier within a country and else by how far it goes; they hold until
something is learnt that knows better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flows.commerce import OrderState, Parcel, ParcelStatus
from flows.estimates import Estimate
from flows.events import (
    INFERRED,
    ArrivalDenied,
    Event,
    EventKind,
    OrderDelivered,
    ParcelDelivered,
    ParcelLate,
    ParcelStalled,
    delivered_at,
    has_all_left,
    is_delivered,
    left_at,
    natural_order,
)
from flows.facts import ShopFacts
from flows.holidays import workdays_after
from flows.picture import OrderPicture
from flows.wallclock import instant_of, wall_of, zone_named

Recorded = Mapping[tuple[EventKind, str | None], datetime]

SILENCE = timedelta(days=4)
"""Without a scan for so long a parcel under way stands still."""

EVENING = time(18)
"""Of its day: by then a parcel that was expected has come, or is late."""

PATIENCE = 2
"""Working days that a day told by a carrier is given before we take the parcel to be there."""


@dataclass(frozen=True, slots=True)
class Days:
    """Working days since the parcel left: half of them come by `soon`, most by `likely`, nearly all by
    `cautious`."""

    soon: int
    likely: int
    cautious: int


WITHIN = Days(2, 4, 7)
NEAR = Days(4, 7, 12)
FAR = Days(7, 13, 22)

BY_CARRIER: Mapping[tuple[str, str], Days] = {
    ("dhl", "DE"): Days(1, 3, 5),
    ("dpd", "DE"): Days(1, 3, 5),
    ("gls", "DE"): Days(1, 3, 5),
    ("hermes", "DE"): Days(2, 4, 7),
    ("post", "AT"): Days(1, 3, 5),
    ("post", "CH"): Days(1, 3, 5),
    ("royal mail", "GB"): Days(2, 4, 7),
    ("evri", "GB"): Days(2, 5, 8),
    ("la poste", "FR"): Days(2, 4, 7),
    ("colissimo", "FR"): Days(2, 4, 6),
    ("postnl", "NL"): Days(1, 2, 4),
    ("usps", "US"): Days(3, 5, 9),
    ("ups", "US"): Days(3, 5, 8),
    ("fedex", "US"): Days(3, 5, 8),
    ("canada post", "CA"): Days(3, 7, 11),
    ("australia post", "AU"): Days(3, 7, 11),
    ("yamato", "JP"): Days(1, 2, 4),
    ("sagawa", "JP"): Days(1, 2, 4),
    ("japan post", "JP"): Days(2, 3, 5),
}
"""By a word of the carrier's name, for parcels that stay within the country."""

_NO_COUNTRY = ""
"""Its workdays are Monday to Friday: holidays are not reckoned with on the way."""

_EUROPE = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LI LT LU LV MC MT NL NO PL PT RO SE SI SK"
_REGIONS = (
    frozenset(_EUROPE.split()),
    frozenset(("US", "CA", "MX")),
    frozenset(("AU", "NZ")),
    frozenset(("CN", "HK", "JP", "KR", "MY", "SG", "TH", "TW", "VN")),
)


def expected(shop: ShopFacts, picture: OrderPicture, parcel: Parcel) -> Estimate | None:
    """When the parcel should be there: as the carrier says, else as such parcels are; None while it has not
    left. `latest`: by when we take it to be there if nobody ever says."""
    left = left_at(picture, parcel)
    if left is None:
        return None
    days, zone = _days(shop, picture, parcel), zone_named(shop.timezone)
    cautious = _evening_after(left, days.cautious, zone)
    told = picture.estimate_of(parcel)
    if told is not None:
        last = max(cautious, _evening_after(told, PATIENCE, zone))
        return Estimate(told, "carrier", latest=last, subject=parcel.id)
    return Estimate(
        _evening_after(left, days.likely, zone),
        "fallback",
        earliest=_evening_after(left, days.soon, zone),
        latest=cautious,
        subject=parcel.id,
    )


def arrivals(shop: ShopFacts, picture: OrderPicture) -> Mapping[str | None, Estimate]:
    """By parcel, and under None for the order: of its last one. What has not left is absent."""
    found: dict[str | None, Estimate] = {
        parcel.id: estimate
        for parcel in picture.live_parcels()
        if (estimate := expected(shop, picture, parcel)) is not None
    }
    if found:
        found[None] = max(found.values(), key=lambda estimate: estimate.at)
    return found


def born_of_time(shop: ShopFacts, picture: OrderPicture, recorded: Recorded) -> tuple[Event, ...]:
    """What happens to the order by time alone if nothing else does, each with the instant from which it
    holds; what is recorded by now is left out. Whoever reacts takes those that are due, and looks again at
    the next."""
    order = picture.order
    if order.state is not OrderState.OPEN or order.accepted_at is None or picture.is_paid_back():
        return ()
    found = [
        event
        for parcel in picture.live_parcels()
        if not _is_there(picture, parcel, recorded)
        for event in _of_parcel(shop, picture, parcel, recorded)
    ]
    arrived = _all_there(picture, recorded, found)
    return tuple(sorted((*found, *arrived), key=natural_order))


def _of_parcel(shop: ShopFacts, picture: OrderPicture, parcel: Parcel, recorded: Recorded) -> Iterator[Event]:
    subject, order_id = f"parcel:{parcel.id}", picture.order.id

    def fresh(kind: EventKind) -> bool:
        return (kind, parcel.id) not in recorded

    estimate = expected(shop, picture, parcel)
    if estimate is None or not fresh(ArrivalDenied):
        return
    waits = _stands_at(picture, parcel) in (ParcelStatus.READY_FOR_PICKUP, ParcelStatus.FAILED)
    if fresh(ParcelLate) and not waits:
        late = _evening_after(estimate.at, 0, zone_named(shop.timezone))
        yield Event(ParcelLate, f"{subject}:late", subject, order_id, late, parcel.id)
    heard = picture.last_sign(parcel.id)
    if heard is not None:
        if fresh(ParcelStalled) and not waits:
            yield Event(ParcelStalled, f"{subject}:stalled", subject, order_id, heard + SILENCE, parcel.id)
    elif estimate.latest is not None:
        key = f"{subject}:delivered"
        yield Event(ParcelDelivered, key, subject, order_id, estimate.latest, parcel.id, INFERRED)


def _all_there(picture: OrderPicture, recorded: Recorded, found: list[Event]) -> Iterator[Event]:
    """The order, once the last parcel is there by a scan, by the shopper's word or by our guess."""
    if (OrderDelivered, None) in recorded or not has_all_left(picture):
        return
    guessed = {event.parcel_id: event.happened_at for event in found if event.kind is ParcelDelivered}
    moments = []
    for parcel in picture.live_parcels():
        at = recorded.get((ParcelDelivered, parcel.id)) or guessed.get(parcel.id)
        if is_delivered(picture, parcel):
            at = delivered_at(picture, parcel)
        if at is None:
            return
        moments.append(at)
    if all(is_delivered(picture, parcel) for parcel in picture.live_parcels()):
        return
    subject = f"order:{picture.order.id}"
    yield Event(
        OrderDelivered, f"{subject}:delivered", subject, picture.order.id, max(moments), source=INFERRED
    )


def _is_there(picture: OrderPicture, parcel: Parcel, recorded: Recorded) -> bool:
    return is_delivered(picture, parcel) or (ParcelDelivered, parcel.id) in recorded


def _stands_at(picture: OrderPicture, parcel: Parcel) -> ParcelStatus:
    """What was told last: a parcel that waited to be picked up may be on its way again."""
    scans = picture.scans_of(parcel.id)
    return scans[-1].status if scans else parcel.status


def _days(shop: ShopFacts, picture: OrderPicture, parcel: Parcel) -> Days:
    address = picture.order.shipping_address
    home, to = shop.country.upper(), (address.country if address else "").upper()
    if not home or not to:
        return NEAR
    if home != to:
        return NEAR if any(home in region and to in region for region in _REGIONS) else FAR
    carrier = parcel.carrier.casefold()
    named = (days for (name, country), days in BY_CARRIER.items() if country == to and name in carrier)
    return next(named, WITHIN)


@lru_cache(maxsize=8192)
def _evening_after(instant: datetime, days: int, zone: ZoneInfo) -> datetime:
    """So many working days later, in the evening; of 0 the day itself."""
    wall = wall_of(instant, zone)
    day = workdays_after(wall.date(), days, _NO_COUNTRY) if days else wall.date()
    return instant_of(datetime.combine(day, EVENING), zone)
