from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from flows.quiet import after_quiet_hours, check_quiet_hours, in_quiet_hours

NIGHT = (time(21), time(8))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("wall", "quiet"),
    [
        (time(20, 59, 59), False),
        (time(21), True),
        (time(23, 59), True),
        (time(0), True),
        (time(7, 59, 59, 999999), True),
        (time(8), False),
        (time(12), False),
    ],
)
def test_hours_over_midnight_are_half_open(wall: time, quiet: bool) -> None:
    assert in_quiet_hours(wall, *NIGHT) is quiet


def test_hours_within_a_day() -> None:
    found = [hour for hour in range(24) if in_quiet_hours(time(hour), time(12), time(15))]
    assert found == [12, 13, 14]


def test_a_time_is_quiet_or_it_is_not() -> None:
    """The hours from a to b and those from b to a are the whole day, and nothing twice."""
    for start, end in product(range(24), repeat=2):
        if start != end:
            for hour in range(24):
                of = in_quiet_hours(time(hour), time(start), time(end))
                assert of is not in_quiet_hours(time(hour), time(end), time(start))


@pytest.mark.parametrize(
    ("zone", "instant", "wanted"),
    [
        ("Europe/Berlin", "2026-06-01T10:00", "2026-06-01T10:00"),
        ("Europe/Berlin", "2026-06-01T21:30", "2026-06-02T08:00"),
        ("Europe/Berlin", "2026-06-02T07:59", "2026-06-02T08:00"),
        # The clock goes forward, and back, at night.
        ("Europe/Berlin", "2026-03-28T23:00", "2026-03-29T08:00"),
        ("Europe/Berlin", "2026-10-24T23:00", "2026-10-25T08:00"),
        ("Asia/Tokyo", "2026-12-31T22:00", "2027-01-01T08:00"),
    ],
)
def test_what_falls_into_the_night_leaves_in_the_morning(zone: str, instant: str, wanted: str) -> None:
    there = ZoneInfo(zone)
    start = datetime.fromisoformat(instant).replace(tzinfo=there).astimezone(UTC)
    found = after_quiet_hours(start, there, *NIGHT)
    assert found.astimezone(there).replace(tzinfo=None) == datetime.fromisoformat(wanted)


def test_an_end_that_the_clock_shows_twice_is_over_at_its_first_showing() -> None:
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert after_quiet_hours(start, BERLIN, time(22), time(2, 30)) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_the_clock_may_go_back_into_the_quiet_hours() -> None:
    """Quiet until half past two, which is shown at 00:30 and at 01:30 UTC; at 01:10 it is 02:10 again."""
    again = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    found = after_quiet_hours(again, BERLIN, time(22), time(2, 30))
    assert found == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_end_that_the_clock_jumps_over_is_over_at_the_jump() -> None:
    start = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert after_quiet_hours(start, BERLIN, time(22), time(2, 30)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (8, 8), (21, 20), (6, 4), (3, 0)])
def test_hours_that_leave_no_day_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="leaves less than 4 hours of the day"):
        check_quiet_hours(time(start), time(end))


@pytest.mark.parametrize(("start", "end"), [(21, 8), (0, 20), (4, 0), (12, 13), (12, 8)])
def test_hours_that_leave_some_of_it_are_not(start: int, end: int) -> None:
    check_quiet_hours(time(start), time(end))


def test_the_end_is_found_at_any_minute_of_a_year() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    while at.year == 2026:
        found = after_quiet_hours(at, BERLIN, *NIGHT)
        assert found >= at
        assert not in_quiet_hours(found.astimezone(BERLIN).time(), *NIGHT)
        assert found - at <= timedelta(hours=12)
        at += timedelta(minutes=37)
