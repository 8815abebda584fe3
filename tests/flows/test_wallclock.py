"""Against every change of the clocks in every zone that the database knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.wallclock import instant_of, wall_of, zone_named
from tests.flows.transitions import Transition, of_all_zones, transitions

APIA = transitions("Pacific/Apia", 2011, 2011)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-01-15T10:00", "2026-01-15T09:00"),
        ("Europe/Berlin", "2026-07-15T10:00", "2026-07-15T08:00"),
        ("Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59"),
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29T02:00:00.5", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/Chicago", "2026-03-08T02:30", "2026-03-08T08:00"),
        ("America/Chicago", "2026-11-01T01:30", "2026-11-01T06:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        ("Africa/Cairo", "2026-04-24T00:30", "2026-04-23T22:00"),
        ("Asia/Kolkata", "2026-03-29T02:30", "2026-03-28T21:00"),
        ("Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00"),
    ],
)
def test_a_wall_time_has_one_instant(zone: str, wall: str, instant: str) -> None:
    assert instant_of(datetime.fromisoformat(wall), ZoneInfo(zone)) == _utc(instant)


def test_a_time_that_was_shown_for_the_second_time_here_is_the_first_showing_elsewhere() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    second = wall_of(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), berlin)
    assert instant_of(second, berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def _expected(wall: datetime, transition: Transition) -> datetime:
    """By definition: the earliest instant at which the wall shows it, else the jump itself."""
    zone = ZoneInfo(transition.zone)
    readings = [(wall - offset).replace(tzinfo=UTC) for offset in (transition.before, transition.after)]
    valid = [at for at in readings if at.astimezone(zone).replace(tzinfo=None) == wall]
    return min(valid, default=transition.at)


def test_around_every_change_of_the_clocks() -> None:
    for transition in (*of_all_zones(), *APIA):
        _around(transition)


def _around(transition: Transition) -> None:
    zone = ZoneInfo(transition.zone)
    change = transition.after - transition.before
    swallowed = shown_twice = 0
    middle = transition.at.replace(tzinfo=None) + transition.before
    reach = abs(change) // timedelta(minutes=15) + 4
    earlier = datetime.min.replace(tzinfo=UTC)
    for quarter in range(-reach, reach + 1):
        wall = middle + timedelta(minutes=15 * quarter, seconds=7, microseconds=11)
        found = instant_of(wall, zone)
        assert found == _expected(wall, transition), transition
        assert wall_of(found, zone) >= wall, f"{transition}: early"
        assert earlier <= found, f"{transition}: a later wall time is due before an earlier one"
        swallowed += wall_of(found, zone) != wall
        shown_twice += wall_of(found - change, zone) == wall
        earlier = found
    assert (swallowed or shown_twice) == abs(change) // timedelta(minutes=15), transition


def test_the_changes_of_many_zones_are_looked_at() -> None:
    changes = {one.after - one.before for one in of_all_zones()}
    assert len({one.zone for one in of_all_zones()}) >= 25
    assert len(of_all_zones()) >= 150
    assert {timedelta(hours=1), -timedelta(hours=1), timedelta(minutes=30), timedelta(hours=2)} <= changes


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "America/Chicago\n"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"


def test_a_known_zone_is_itself() -> None:
    assert zone_named("Asia/Tokyo").key == "Asia/Tokyo"
