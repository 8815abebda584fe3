"""What the rules of the way say."""

from __future__ import annotations

from datetime import timedelta

from flows.commerce import ParcelStatus, Shipped
from flows.conditions import (
    Condition,
    expected_by_now,
    has_digital_line,
    has_goods,
    is_certain,
    new_day_is_told,
    silent_for,
    waits_to_leave,
)
from flows.estimates import Estimate
from flows.events import EstimateMoved, OrderDelivered
from flows.facts import Facts, FlowSetting
from flows.kinds import KindSaid
from tests.flows.pictures import MUG, ON, T0, facts, line, order, parcel, picture, refund, scan

DAY = timedelta(days=1)
COURSE = line("course", ships=False)
CARD = line("card", ships=False, gift_card=True)
TIP = line("tip", ships=False, product_id=None)
POSTAGE = line("postage", ships=False)


def followed(*days_ago: int, status: ParcelStatus = ParcelStatus.IN_TRANSIT) -> Facts:
    scans = tuple(scan(status, T0 - days * DAY) for days in days_ago)
    return facts(picture(parcels=(parcel(),), parcel_events=scans), parcel_id="9")


def due(at: timedelta) -> Facts:
    return facts(estimates={"estimated_arrival": Estimate(T0 + at, "carrier")})


def moved(days_ago: float, progress: FlowSetting = ON) -> Facts:
    return facts(happened={EstimateMoved: T0 - days_ago * DAY}, progress=progress)


CASES: list[tuple[Condition, Facts, bool]] = [
    (has_goods, facts(), True),
    (has_goods, facts(picture(order(COURSE))), False),
    (has_goods, facts(picture(order(MUG, COURSE), refunds=(refund((MUG, 1), at=T0),))), False),
    (has_digital_line, facts(picture(order(MUG, COURSE))), True),
    (has_digital_line, facts(picture(order(MUG, CARD))), False),
    (has_digital_line, facts(picture(order(MUG, COURSE), refunds=(refund((COURSE, 1), at=T0),))), False),
    (has_digital_line, facts(picture(order(MUG, TIP, POSTAGE))), False),
    (
        has_digital_line,
        facts(picture(order(POSTAGE)), kinds_said={"p-postage": KindSaid(digital=True)}),
        True,
    ),
    (
        has_digital_line,
        facts(picture(order(COURSE)), kinds_said={"p-course": KindSaid(digital=False)}),
        False,
    ),
    (has_digital_line, facts(kinds_said={"p-mug": KindSaid(digital=True)}), True),
    (waits_to_leave, facts(), True),
    (waits_to_leave, facts(picture(parcels=(parcel(),))), False),
    (waits_to_leave, facts(picture(order(shipped=Shipped.PART))), False),
    (
        waits_to_leave,
        facts(picture(parcels=(parcel(shipped_at=None, status=ParcelStatus.PENDING),))),
        True,
    ),
    (silent_for(days=4), followed(4), True),
    (silent_for(days=4), followed(9, 3), False),
    (silent_for(days=4), followed(), False),
    (silent_for(days=4), followed(9, status=ParcelStatus.SHIPPED), False),
    (expected_by_now, due(timedelta(hours=6)), True),
    (expected_by_now, due(timedelta(hours=6, seconds=1)), False),
    (expected_by_now, facts(), False),
    (new_day_is_told(days=1), moved(1), True),
    (new_day_is_told(days=1), moved(1.01), False),
    (new_day_is_told(days=1), moved(1, progress=FlowSetting()), False),
    (new_day_is_told(days=1), moved(1, progress=FlowSetting(True)), True),
    (new_day_is_told(days=1), moved(1, progress=FlowSetting(True, T0)), False),
    (new_day_is_told(days=1), facts(progress=ON), False),
    (is_certain(OrderDelivered), facts(happened={OrderDelivered: T0}), True),
    (
        is_certain(OrderDelivered),
        facts(happened={OrderDelivered: T0}, inferred=frozenset({OrderDelivered})),
        False,
    ),
    (is_certain(OrderDelivered), facts(), False),
]
