"""The small shop with the first four flows on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.picture import OrderPicture
from tests.flows.life import FOUR, Life
from tests.flows.pictures import T0, parcel, picture

DAY = timedelta(days=1)


YEAR = 365 * DAY


CHICAGO = ZoneInfo("America/Chicago")


ARRIVED = T0 + 3 * DAY


def life(of: OrderPicture | None = None, now: datetime = T0) -> Life:
    """A shop in which the order has just been placed."""
    told = Life(picture=of or picture(), now=now, flows=FOUR)
    told.see(told.picture)
    return told


def delivered(of: OrderPicture, at: datetime = ARRIVED) -> OrderPicture:
    return replace(of, parcels=(parcel(lines=of.order.lines, delivered_at=at),))


def asked(told: Life) -> list[str]:
    """Review mails, by the shop's wall clock."""
    return [f"{step} {at.astimezone(CHICAGO):%m-%d %H:%M}" for step, at in told.steps_sent("review_request")]
