"""Hours of the night in which nobody is written to, by the wall clock of whoever would read it.

They are half open: quiet from the first minute, and over with the last. They may cross midnight.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.wallclock import instant_of, wall_of

SHORTEST_DAY = timedelta(hours=4)
"""What must be left of the day for mails to leave in."""
_DAY = timedelta(days=1)


def check_quiet_hours(start: time, end: time) -> None:
    """Raises ValueError where they leave too little of the day, or none of it."""
    if _DAY - _length(start, end) < SHORTEST_DAY:
        raise ValueError(f"from {start:%H:%M} to {end:%H:%M} leaves less than 4 hours of the day")


def in_quiet_hours(wall: time, start: time, end: time) -> bool:
    """Whether the wall shows a quiet time."""
    wall = wall.replace(tzinfo=None)
    return start <= wall < end if start < end else not end <= wall < start


def after_quiet_hours(instant: datetime, zone: ZoneInfo, start: time, end: time) -> datetime:
    """`instant`, or the end of the quiet hours that it lies in: when the wall first shows it, or jumps over
    it. That a clock is set back out of them in between does not end them."""
    # The clock may also be set back into the quiet hours that were just over.
    while in_quiet_hours((wall := wall_of(instant, zone)).time(), start, end):
        day = wall.date() if wall.time() < end else wall.date() + _DAY
        over = instant_of(datetime.combine(day, end), zone)
        instant = over if over > instant else instant + timedelta(minutes=1)
    return instant


def _length(start: time, end: time) -> timedelta:
    """From a time to itself is a whole day, as nobody can mean none of it."""
    first, last = (timedelta(hours=at.hour, minutes=at.minute) for at in (start, end))
    return last - first if last > first else last - first + _DAY
