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
    """Each rule once: of zones that change together one speaks for all."""
    by_rule: dict[tuple[object, ...], list[Transition]] = {}
    for name in sorted(available_timezones()):
        found = transitions(name, first_year, last_year)
        by_rule.setdefault(tuple((one.at, one.before) for one in found), found)
    return tuple(one for found in by_rule.values() for one in found)
