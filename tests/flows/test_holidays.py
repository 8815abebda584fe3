from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.commerce import Address
from flows.delays import business_days, local_time
from flows.holidays import easter, holidays_of, is_workday, next_workday, workdays_after
from flows.timing import due_after
from tests.flows.pictures import in_zone, order, picture

# Weekdays on which nobody works, as calendars print them.
IN_2026 = {
    "AT": "01-01 01-06 04-06 05-01 05-14 05-25 06-04 10-26 12-08 12-25",
    "AU": "01-01 01-26 04-03 04-06 12-25 12-28",
    "BE": "01-01 04-06 05-01 05-14 05-25 07-21 11-11 12-25",
    "CA": "01-01 04-03 05-18 07-01 09-07 10-12 12-25 12-28",
    "CH": "01-01 05-14 12-25",
    "DE": "01-01 04-03 04-06 05-01 05-14 05-25 12-25",
    "DK": "01-01 04-02 04-03 04-06 05-14 05-25 12-25",
    "ES": "01-01 01-06 04-03 05-01 10-12 12-08 12-25",
    "FI": "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25",
    "FR": "01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25",
    "GB": "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    "IE": "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-28",
    "IT": "01-01 01-06 04-06 05-01 06-02 12-08 12-25",
    "JP": "01-01 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06"
    " 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
    "NL": "01-01 04-06 04-27 05-14 05-25 12-25",
    "NO": "01-01 04-02 04-03 04-06 05-01 05-14 05-25 12-25",
    "NZ": "01-01 01-02 02-06 04-03 04-06 04-27 06-01 07-10 10-26 12-25 12-28",
    "PL": "01-01 01-06 04-06 05-01 06-04 11-11 12-24 12-25",
    "PT": "01-01 04-03 05-01 06-04 06-10 10-05 12-01 12-08 12-25",
    "SE": "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    "US": "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
}


@pytest.mark.parametrize("country", IN_2026)
def test_the_holidays_of_a_year(country: str) -> None:
    found = sorted(day for day in holidays_of(country, 2026) if day.weekday() < 5)
    assert " ".join(f"{day:%m-%d}" for day in found) == IN_2026[country]


@pytest.mark.parametrize(
    ("country", "day", "off"),
    [
        # Christmas 2027 is a Saturday.
        ("GB", "2027-12-27", True),
        ("GB", "2027-12-28", True),
        ("GB", "2027-12-29", False),
        ("US", "2027-12-24", True),
        ("US", "2027-12-27", False),
        ("DE", "2027-12-27", False),
        # Christmas 2033 is a Sunday, and Boxing Day keeps its Monday.
        ("NZ", "2033-12-26", True),
        ("NZ", "2033-12-27", True),
        # The first of January 2028 is a Saturday: kept in the old year, or in the new one.
        ("US", "2027-12-31", True),
        ("US", "2028-01-03", False),
        ("GB", "2028-01-03", True),
        # The fourth of July 2027 is a Sunday.
        ("US", "2027-07-05", True),
        # The king's birthday is never on a Sunday, Saint Brigid's may be a Friday.
        ("NL", "2025-04-26", True),
        ("NL", "2031-04-26", True),
        ("IE", "2030-02-01", True),
        ("IE", "2030-02-04", False),
        # Laws that begin.
        ("PL", "2024-12-24", False),
        ("PL", "2025-12-24", True),
        ("IT", "2024-10-04", False),
        ("IT", "2027-10-04", True),
        # Between two holidays, and a Sunday's holiday behind two others.
        ("JP", "2026-09-22", True),
        ("JP", "2026-05-06", True),
        ("JP", "2025-09-22", False),
        # Not listed.
        ("BR", "2026-12-25", False),
        ("", "2026-12-25", False),
        ("Atlantis", "2026-12-25", False),
        (" de ", "2026-12-25", True),
    ],
)
def test_single_days(country: str, day: str, off: bool) -> None:
    found = date.fromisoformat(day)
    assert (found in holidays_of(country, found.year)) is off
    assert is_workday(found, country) is (not off and found.weekday() < 5)


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2027, "03-28"), (2028, "04-16"), (2038, "04-25")],
)
def test_easter(year: int, day: str) -> None:
    assert f"{easter(year):%m-%d}" == day


def test_no_year_is_without_an_answer() -> None:
    for country in IN_2026:
        for year in (1, 1979, 2100, 9999):
            assert all(day.year == year for day in holidays_of(country, year))


@pytest.mark.parametrize(
    ("start", "amount", "country", "wanted"),
    [
        ("2026-12-23", 1, "DE", "2026-12-24"),
        ("2026-12-24", 1, "DE", "2026-12-28"),
        ("2026-12-24", 1, "GB", "2026-12-29"),
        ("2026-12-24", 5, "DE", "2027-01-04"),
        ("2026-12-25", 0, "DE", "2026-12-28"),
        ("2026-12-25", 0, "", "2026-12-25"),
        ("2026-04-02", 1, "DE", "2026-04-07"),
        ("2026-04-02", 1, "US", "2026-04-03"),
    ],
)
def test_workdays(start: str, amount: int, country: str, wanted: str) -> None:
    found = workdays_after(date.fromisoformat(start), amount, country)
    assert found == date.fromisoformat(wanted)
    assert next_workday(found, country) == found


def test_business_days_go_by_the_holidays_of_the_shop_and_no_others() -> None:
    """Over Easter, from Thursday noon: the shop in Berlin works again on Tuesday."""
    thursday = datetime(2026, 4, 2, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    to_texas = picture(order(shipping_address=Address(country="US", region="TX")))
    shop = in_zone("Europe/Berlin", "DE", of=to_texas)
    found = due_after(business_days(1), None, thursday, shop, {}).at
    assert found == thursday + timedelta(days=5)
    at_nine = due_after(business_days(1), local_time(9), thursday, shop, {}).at
    assert at_nine.astimezone(ZoneInfo("America/Chicago")) == datetime(
        2026, 4, 7, 9, tzinfo=ZoneInfo("America/Chicago")
    )
    german = picture(order(shipping_address=Address(country="DE")))
    american = in_zone("America/Chicago", "US", of=german)
    assert due_after(business_days(1), None, thursday, american, {}).at == thursday + timedelta(days=1)
