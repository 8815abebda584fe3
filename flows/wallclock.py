"""What a clock on the wall shows in a zone, turned into instants and back.

Spring: a wall time that the clock jumps over means the first valid minute after the jump.
Autumn: a wall time that the clock shows twice means its first showing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SECOND = timedelta(seconds=1)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone; UTC where the name is unknown: an hour off beats a journey that stands still."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """Naive: what the wall shows at `instant`."""
    return instant.astimezone(zone).replace(tzinfo=None)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the wall first shows the naive `wall` or has just jumped over it."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if wall_of(instant, zone) == wall:
        return instant
    return _jump_over(wall.replace(microsecond=0), zone)


def _jump_over(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the jump that swallows `wall`: it lies between the two readings of that time."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after
