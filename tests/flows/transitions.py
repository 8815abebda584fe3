"""Every change of offset in every zone of the database, found by looking, not by asking our code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones


class Transition(NamedTuple):
    zone: str
    at: datetime
    before: timedelta
    after: timedelta


def offset(zone: ZoneInfo, at: datetime) -> timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found


def transitions(zone_name: str, first_year: int, last_year: int) -> list[Transition]:
    zone = ZoneInfo(zone_name)
    found = []
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + timedelta(days=4)
        if offset(zone, at) != offset(zone, following):
            low, high = at, following
            while high - low > timedelta(minutes=1):
                middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
                low, high = (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
            found.append(Transition(zone_name, high, offset(zone, low), offset(zone, high)))
        at = following
    return found


@cache
def of_all_zones(first_year: int = 2025, last_year: int = 2027) -> tuple[Transition, ...]:
    names = sorted(name for name in available_timezones() if "/" in name)
    return tuple(one for name in names for one in transitions(name, first_year, last_year))
