"""Days that come by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.occasions import birthdays_on, dates_somewhere, firsts_on, season_opens, span_somewhere


def test_every_birthday_is_kept_once_in_every_year() -> None:
    for year in (2026, 2027, 2028, 2100):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year == 2028))]
        kept = [one for day in days for one in birthdays_on(day)]
        assert len(kept) == len(set(kept)) == 366, year
    assert birthdays_on(date(2027, 2, 28)) == ("02-28", "02-29")
    assert birthdays_on(date(2028, 2, 28)) == ("02-28",)


def test_every_first_day_comes_round_once_a_year() -> None:
    assert firsts_on(date(2027, 5, 3), 3) == (date(2026, 5, 3), date(2025, 5, 3), date(2024, 5, 3))
    assert firsts_on(date(2027, 2, 28), 3) == (
        date(2026, 2, 28),
        date(2025, 2, 28),
        date(2024, 2, 28),
        date(2024, 2, 29),
    )
    assert firsts_on(date(2028, 2, 29), 2) == ()
    assert firsts_on(date(2028, 2, 29), 4) == (date(2024, 2, 29),)


def test_a_day_begins_in_the_east_and_ends_in_the_west() -> None:
    begins, ends = span_somewhere(date(2027, 1, 1))
    second = timedelta(seconds=1)
    for at, shown in ((begins - second, False), (begins, True), (ends - second, True), (ends, False)):
        assert (date(2027, 1, 1) in dates_somewhere(at)) is shown, at
    assert {len(dates_somewhere(begins + timedelta(hours=n))) for n in range(24)} == {2, 3}


@pytest.mark.parametrize(
    ("month", "day", "lead", "opens"),
    [
        (12, 1, 14, date(2026, 11, 17)),
        (1, 5, 14, date(2026, 12, 22)),
        (2, 31, 0, date(2026, 2, 28)),
        (0, 1, 14, None),
    ],
)
def test_a_season_opens_once_a_year(month: int, day: int, lead: int, opens: date | None) -> None:
    knobs = {"season_month": month, "season_day": day, "season_lead": lead}
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    found = [one for one in days if season_opens(one, knobs) is not None]
    assert found == ([opens] if opens else [])
    if opens == date(2026, 12, 22):
        assert season_opens(opens, knobs) == 2027
