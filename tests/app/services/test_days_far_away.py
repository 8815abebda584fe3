"""A day of one's own is a day where one lives, however far from the shop that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.services.occasions import tell_days
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Address, Customer
from flows.wallclock import instant_of, zone_named
from tests.app.desk import START, Desk, an_order

FAR = [
    ("America/Los_Angeles", Address(country="JP"), "Asia/Tokyo"),
    ("Pacific/Auckland", Address(country="US", region="HI"), "Pacific/Honolulu"),
]
DAYS = [("11-20", date(2026, 11, 20)), ("01-01", date(2027, 1, 1)), ("02-29", date(2027, 2, 28))]


def at_eight(day: date, zone: str) -> datetime:
    return instant_of(datetime.combine(day, time(8)), zone_named(zone))


def mails(desk: Desk, around: date) -> list[tuple[str, datetime]]:
    """Which were due, and when, when all was looked at every six hours of the days around that one. In Tokyo
    it is eight while the day before is not over in Greenwich."""
    desk.rows(
        "UPDATE flow_switches SET knobs = '{\"hour\": 8}' WHERE flow_key = 'anniversary_birthday' RETURNING 1"
    )
    for hour in range(-48, 73, 6):
        desk.now = datetime.combine(around, time(), UTC) + timedelta(hours=hour)
        tell_days(desk.database, desk.keys, desk.now)
        wake_due(desk.database, desk.keys, desk.now + timedelta(hours=5))
    rows = desk.rows("SELECT * FROM messages WHERE flow_key = 'anniversary_birthday' ORDER BY id")
    assert all(row.created_at - row.due_at < timedelta(hours=6) for row in rows), "told in time"
    return [(row.step, row.due_at) for row in rows]


def years_told(desk: Desk) -> Iterator[str]:
    rows = desk.rows("SELECT key FROM events WHERE kind IN ('BirthdayCame', 'AnniversaryCame') ORDER BY id")
    return (row.key.rpartition(":")[2] for row in rows)


@pytest.mark.parametrize(("shop", "home", "zone"), FAR)
@pytest.mark.parametrize(("birthday", "day"), DAYS)
def test_a_birthday_is_kept_on_the_day_where_the_person_lives(
    desk: Desk, shop: str, home: Address, zone: str, birthday: str, day: date
) -> None:
    desk.rows("UPDATE shops SET timezone = :zone RETURNING 1", zone=shop)
    customer = Customer("c1", START, "mia@example.com", "Mia", birthday=birthday)
    desk.read(Reading(orders=(an_order(shipping_address=home),), customers=(customer,)))
    assert mails(desk, day) == [("birthday", at_eight(day, zone))]
    assert list(years_told(desk)) == [f"{day.year}"]


@pytest.mark.parametrize(("shop", "home", "zone"), FAR)
def test_so_is_a_year_since_the_first_order(desk: Desk, shop: str, home: Address, zone: str) -> None:
    """It was given in the last hour of its day there, when another day had begun in the shop or not yet."""
    desk.rows("UPDATE shops SET timezone = :zone RETURNING 1", zone=shop)
    placed = instant_of(datetime(2026, 12, 31, 23), zone_named(zone))
    desk.now = placed
    desk.read(Reading(orders=(an_order(at=placed, shipping_address=home),)))
    day = date(2027, 12, 31)
    assert mails(desk, day) == [("anniversary", at_eight(day, zone))]
    assert list(years_told(desk)) == ["2027"]
