"""What happens to an order in a story, and which mails come of it on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.events import Event, EventKind
from tests.flows.life import Life
from tests.flows.pictures import SHOP, T0, parcel

DAY = timedelta(days=1)
ARRIVED = T0 + 3 * DAY
CLOCK = ZoneInfo(SHOP.timezone)


def delivered(told: Life, at: datetime = ARRIVED) -> Life:
    of = told.picture
    told.see(replace(of, parcels=(parcel(lines=of.order.lines, delivered_at=at),)), at)
    return told


def hear(told: Life, kind: EventKind, at: datetime, key: str = "") -> Life:
    """Of the whole order, `at` that instant."""
    told.run_until(at)
    told.hear([Event(kind, key or f"order:13:{kind.value}", "order:13", "13", told.now)])
    return told


def mails(told: Life, days: int = 2000) -> list[str]:
    """Every mail with the day after the order and the shop's time of day (summer time begins on day 6)."""
    told.run_until(T0 + days * DAY)
    first = T0.astimezone(CLOCK).date()
    walls = [(one.step, one.at.astimezone(CLOCK)) for one in told.sent]
    return [f"{step} {(wall.date() - first).days} {wall:%H:%M}" for step, wall in walls]
