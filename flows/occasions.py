"""Days that come by themselves: birthdays, years since the first order, a season, a draw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

FIRST_DRAW, DRAW_DAYS = 2, 26
"""The days of a month on which somebody may be drawn: from the 2nd to the 27th, each as likely."""

_EASTMOST, _WESTMOST = timedelta(hours=14), timedelta(hours=-12)


def dates_somewhere(now: datetime) -> tuple[date, ...]:
    """The dates that clocks on earth show at that instant: two or three."""
    return tuple(
        sorted({(now.astimezone(UTC) + ahead).date() for ahead in (_WESTMOST, timedelta(), _EASTMOST)})
    )


def span_somewhere(day: date) -> tuple[datetime, datetime]:
    """From the first instant at which it is that day anywhere to the end of it everywhere."""
    start = datetime.combine(day, time(), UTC)
    return start - _EASTMOST, start + timedelta(days=1) - _WESTMOST


def birthdays_on(day: date) -> tuple[str, ...]:
    """Which birthdays are kept that day, as "03-31": in years without a 29th of February on the 28th."""
    kept = (f"{day:%m-%d}",)
    return (*kept, "02-29") if (day.month, day.day) == (2, 28) and not _is_leap(day.year) else kept


def firsts_on(day: date, years: int) -> tuple[date, ...]:
    """The days of which that day is an anniversary, 1 to `years` years on."""
    found = []
    for ago in range(1, years + 1):
        for month_and_day in birthdays_on(day):
            month, number = map(int, month_and_day.split("-"))
            if (month, number) != (2, 29) or _is_leap(day.year - ago):
                found.append(date(day.year - ago, month, number))
    return tuple(found)


def season_opens(day: date, knobs: Mapping[str, int]) -> int | None:
    """The year of the season to which that day is the day to write; None: it is none. A day that the month
    does not have is its last."""
    if not 1 <= knobs["season_month"] <= 12:
        return None
    start = day + timedelta(days=knobs["season_lead"])
    if start != _in_month(start.year, knobs["season_month"], knobs["season_day"]):
        return None
    return start.year


def _in_month(year: int, month: int, day: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=max(day, 1) - 1), following - timedelta(days=1))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
