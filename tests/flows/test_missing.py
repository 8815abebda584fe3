"""Which guessed arrivals do not hold, and until when a parcel is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.commerce import OrderState, Parcel, ParcelStatus
from flows.conditions import open_complaint
from flows.delivery import Recorded
from flows.events import ArrivalDenied, OrderDelivered, ParcelDelivered
from flows.facts import MailClass
from flows.late import MISSED_FOR
from flows.missing import held_for, is_missed, refuted
from flows.picture import OrderPicture
from flows.presets import preset
from tests.flows.pictures import T0, facts, line, order, parcel, picture, refund, scan
from tests.flows.situation import flow

DAY = timedelta(days=1)
LAMP, SHADES = line("lamp"), line("shade", 2)
FIRST = parcel("t1", (LAMP, SHADES))
SENT = picture(order(LAMP, SHADES), parcels=(FIRST,))
GUESSED: Recorded = {(ParcelDelivered, "t1"): T0 + 9 * DAY, (OrderDelivered, None): T0 + 9 * DAY}
DENIED: Recorded = {(ArrivalDenied, "t1"): T0 + 12 * DAY}


def of(*parcels: Parcel, **changes: Any) -> OrderPicture:
    return picture(order(LAMP, SHADES, **changes), parcels=(FIRST, *parcels))


def seen(status: ParcelStatus, days: int) -> OrderPicture:
    return picture(SENT.order, parcels=(FIRST,), parcel_events=(scan(status, T0 + days * DAY, "t1"),))


@pytest.mark.parametrize(
    ("known", "recorded", "wrong"),
    [
        (SENT, GUESSED, False),
        (SENT, {**GUESSED, **DENIED}, True),
        (seen(ParcelStatus.IN_TRANSIT, 10), GUESSED, True),
        (seen(ParcelStatus.READY_FOR_PICKUP, 10), GUESSED, True),
        (seen(ParcelStatus.IN_TRANSIT, 8), GUESSED, False),
        (seen(ParcelStatus.DELIVERED, 10), {**GUESSED, **DENIED}, False),
    ],
)
def test_a_guess_falls_with_their_word_or_a_later_scan(
    known: OrderPicture, recorded: Recorded, wrong: bool
) -> None:
    assert refuted(known, recorded, set(GUESSED)) == (set(GUESSED) if wrong else set())


def test_what_was_told_is_no_guess() -> None:
    assert refuted(SENT, {**GUESSED, **DENIED}, ()) == set()
    assert refuted(SENT, {**GUESSED, **DENIED}, {(ParcelDelivered, "t1")}) == {(ParcelDelivered, "t1")}


CAME = T0 + 20 * DAY
SENT_AGAIN, DENIED_AT = T0 + 13 * DAY, T0 + 12 * DAY
BARE = parcel("t2", (), shipped_at=SENT_AGAIN, delivered_at=CAME)
SECOND = parcel("t2", (LAMP, SHADES), delivered_at=CAME)
MISSED = {
    "it was sent": SENT,
    "another one is on its way": of(parcel("t2", (LAMP, SHADES))),
    "another one came with a part of it": of(replace(BARE, lines=parcel("t2", (LAMP,)).lines)),
    "a part of it was paid back": picture(
        SENT.order, parcels=(FIRST,), refunds=(refund((LAMP, 1), at=CAME),)
    ),
    "another one that nobody knows the content of is on its way": of(parcel("t2", (), SENT_AGAIN)),
    "one came before they said so": of(replace(BARE, delivered_at=DENIED_AT)),
    "one that had left before it came": of(replace(BARE, shipped_at=FIRST.shipped_at)),
    "one came, and one more is on its way": of(BARE, parcel("t3", (), SENT_AGAIN)),
    "its store does not say what is in it": picture(SENT.order, parcels=(parcel("t1", ()),)),
}
SETTLED = {
    "it came": picture(SENT.order, parcels=(parcel("t1", (LAMP, SHADES), delivered_at=CAME),)),
    "it was taken out": picture(SENT.order, parcels=(parcel("t1", status=ParcelStatus.CANCELLED), SECOND)),
    "it is not listed any more": picture(SENT.order, parcels=(parcel("t1", vanished=True),)),
    "all of it came in another one": of(SECOND),
    "another one came for it, whatever is in it": of(BARE),
    "another one came for one of which nobody knows either": picture(
        SENT.order, parcels=(parcel("t1", ()), BARE, parcel("t3", (), SENT_AGAIN, vanished=True))
    ),
    "all that was kept of it came": picture(
        SENT.order,
        parcels=(FIRST, parcel("t2", (SHADES,), delivered_at=CAME)),
        refunds=(refund((LAMP, 1), at=CAME),),
    ),
    "all of it was paid back": picture(
        SENT.order, parcels=(FIRST,), refunds=(refund((LAMP, 1), (SHADES, 2), at=CAME),)
    ),
    "the money was paid back": of(fully_refunded=True),
    "the order was called off": of(state=OrderState.CANCELLED),
}


@pytest.mark.parametrize("known", MISSED.values(), ids=MISSED)
def test_it_is_missed_until_something_settles_it(known: OrderPicture) -> None:
    assert is_missed(known, "t1", DENIED_AT)
    assert not is_missed(known, "t9", DENIED_AT)
    assert ArrivalDenied in held_for(known, DENIED, None), "of the whole order"


@pytest.mark.parametrize("known", SETTLED.values(), ids=SETTLED)
def test_what_is_settled_is_missed_no_more(known: OrderPicture) -> None:
    assert not is_missed(known, "t1", DENIED_AT)
    assert ArrivalDenied not in held_for(known, DENIED, None)
    assert ArrivalDenied in held_for(known, DENIED, "t1"), "of the parcel it was said once"
    assert ArrivalDenied not in held_for(known, DENIED, "t2")


def test_nobody_waits_for_ever() -> None:
    waits = facts(missed=(T0,))
    assert open_complaint.check(waits, T0 + MISSED_FOR - DAY).passed
    assert not open_complaint.check(waits, T0 + MISSED_FOR).passed


def test_a_journey_of_the_whole_order_ends_on_nothing_that_it_cannot_hear() -> None:
    flow(exit_on=(ArrivalDenied,))
    with pytest.raises(ValueError, match="ParcelDelivered happens to a parcel"):
        flow(exit_on=(ParcelDelivered,))
    with pytest.raises(ValueError, match="ParcelDelivered happens to a parcel"):
        flow(goal=ParcelDelivered)


@pytest.mark.parametrize("key", ["cross_sell_series", "replenishment", "milestone_seasonal"])
def test_nothing_is_offered_to_whoever_misses_a_parcel(key: str) -> None:
    offers = preset(key)
    assert offers.mail_class is MailClass.MARKETING and ArrivalDenied in offers.exit_on
