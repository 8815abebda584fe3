"""Instants that a wait may aim at, read off the facts as they are now."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.delays import Moment
from flows.estimates import ESTIMATED_ARRIVAL, RUN_OUT
from flows.facts import Facts


def moment_of(moment: Moment, facts: Facts, after: datetime) -> datetime | None:
    """None: nobody knows it. `after`: what comes every year is the first one after it."""
    match moment:
        case Moment.ORDERED:
            return facts.picture.order.placed_at
        case Moment.ESTIMATED_ARRIVAL:
            return _estimated_arrival(facts)
        case Moment.RUN_OUT:
            found = facts.estimates.get(RUN_OUT)
            return found.at if found is not None else None
        case Moment.ANNIVERSARY:
            return _anniversary(facts.person.first_order_at or facts.picture.order.placed_at, after)
        case Moment.RHYTHM_BROKEN:
            return _rhythm_broken(facts)


def _estimated_arrival(facts: Facts) -> datetime | None:
    """Of the parcel, or of the last parcel of the order: as the carrier says, else as we expect."""
    parcels = [
        one for one in facts.picture.live_parcels() if facts.parcel_id is None or one.id == facts.parcel_id
    ]
    told = [one.estimated_at for one in parcels if one.estimated_at is not None]
    if told:
        return max(told)
    ours = facts.estimates.get(ESTIMATED_ARRIVAL)
    return ours.at if ours is not None else None


def _rhythm_broken(facts: Facts) -> datetime | None:
    """When one and a half times their usual days have passed since the order; None without a rhythm."""
    usual = facts.person.usual_days
    return None if usual is None else facts.picture.order.placed_at + timedelta(days=usual * 3 // 2)


def _anniversary(first: datetime, after: datetime) -> datetime:
    """Who came on February 29 is thanked on the 28th where there is no 29th."""
    year = after.year
    while (day := _in_year(first, year)) <= after:
        year += 1
    return day


def _in_year(moment: datetime, year: int) -> datetime:
    try:
        return moment.replace(year=year)
    except ValueError:
        return moment.replace(year=year, day=28)
