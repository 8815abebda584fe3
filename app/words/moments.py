"""Instants as people say them, on the shop's own clock."""

from __future__ import annotations

import re
from datetime import datetime

from flows.wallclock import wall_of, zone_named

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)")


def moment(at: datetime, zone: str, now: datetime | None = None) -> str:
    """Wednesday 4 November, 10:00; with its year where `now` is in another one."""
    wall = wall_of(at, zone_named(zone))
    year = "" if now is None or wall_of(now, zone_named(zone)).year == wall.year else f" {wall.year}"
    return f"{wall:%A} {wall.day} {wall:%B}{year}, {wall:%H:%M}"


def day(at: datetime, zone: str) -> str:
    """Wednesday 4 November."""
    return moment(at, zone).partition(",")[0]


def short(at: datetime, zone: str, now: datetime | None = None) -> str:
    """4 Nov, 10:00; with its year instead of the time where `now` is in another one."""
    wall = wall_of(at, zone_named(zone))
    if now is not None and wall_of(now, zone_named(zone)).year != wall.year:
        return f"{wall.day} {wall:%b} {wall.year}"
    return f"{wall.day} {wall:%b}, {wall:%H:%M}"


def second(at: datetime, zone: str) -> str:
    """4 Nov, 10:00:07."""
    return f"{short(at, zone)}:{at:%S}"


def beside(at: datetime, zone: str) -> str:
    """Wednesday 4 Nov, 10:00: for values that stand beside a rule."""
    return f"{wall_of(at, zone_named(zone)):%A} {short(at, zone)}"


def with_moments(text: str, zone: str) -> str:
    """A text in which every instant is said so."""
    return _INSTANT.sub(lambda found: beside(datetime.fromisoformat(found[0]), zone), text)
