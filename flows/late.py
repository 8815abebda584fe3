"""A parcel that did not come on its day: whoever waits for it is cared for first, and asked for things on
another day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.wallclock import instant_of, wall_of

CARE = timedelta(days=3)
"""So long a parcel is missed. By then they have told us, or it is a matter for the shop."""
MISSED_FOR = timedelta(days=60)
"""So long it counts that a parcel is missed, if nobody ever says more."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Late:
    """`since`: when it should have come, which may be later today. `came_at`: None while it has not."""

    since: datetime
    came_at: datetime | None = None


def day_after(late: Iterable[Late], due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Tomorrow, at the time of day of `due_at`, where today is a day of a late parcel; else None."""
    today = wall_of(now, zone).date()
    if not any(_is_day_of(one, today, zone) for one in late):
        return None
    return next_day(due_at, now, zone)


def next_day(due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """Tomorrow, at the time of day of `due_at`."""
    day = wall_of(now, zone).date() + A_DAY
    return instant_of(datetime.combine(day, wall_of(due_at, zone).time()), zone)


def _is_day_of(late: Late, today: date, zone: ZoneInfo) -> bool:
    """From the day by which it should have come to the one on which it did."""
    last = late.since + CARE
    if late.came_at is not None:
        if wall_of(late.came_at, zone).date() == today:
            return True
        last = min(last, late.came_at)
    return wall_of(late.since, zone).date() <= today <= wall_of(last, zone).date()
