"""Every change of the clocks in every zone of the world, 2024 to 2030: no wait ends early, none ends twice,
and nothing leaves in quiet hours.

The ends are compared with ones that are found by trying minute after minute, without our own arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from flows import zones
from flows.commerce import Address
from flows.delays import Delay, LocalTime, business_days, days, hours, local_time
from flows.facts import Facts, MailClass
from flows.limits import Limits, quiet_until
from flows.quiet import after_quiet_hours, in_quiet_hours
from flows.timing import due_after
from flows.zones import zone_of_place
from tests.flows.pictures import SHOP, facts, in_zone, order, picture
from tests.flows.transitions import Transition, of_all_zones, transitions
from tests.proof import FULL, Count, Figure

YEARS = (2024, 2030)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NIGHTS = ((time(21), time(8)), (time(22, 30), time(6, 15)), (time(0), time(3)), (time(1, 30), time(2, 30)))


def changes() -> tuple[Transition, ...]:
    """Reduced, zones that change together are one; in full each zone is looked at for itself."""
    if not FULL:
        return of_all_zones(*YEARS)
    return tuple(one for name in sorted(available_timezones()) for one in transitions(name, *YEARS))


def wall_at(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def first_showing(wall: datetime, change: Transition) -> datetime:
    """The earliest instant at which the wall shows it, or the jump that swallows it: by the two offsets."""
    zone = ZoneInfo(change.zone)
    readings = [(wall - offset).replace(tzinfo=change.at.tzinfo) for offset in (change.before, change.after)]
    return min((at for at in readings if wall_at(at, zone) == wall), default=change.at)


def clocks(change: Transition) -> list[LocalTime]:
    """Times of day around the one at which the clock changes, and two that are far from it."""
    at = change.at.replace(tzinfo=None) + change.before
    around = (timedelta(0), timedelta(minutes=30), -timedelta(minutes=30), timedelta(minutes=59))
    walls = [at + shift for shift in around]
    return [local_time(wall.hour, wall.minute) for wall in walls] + [local_time(10), local_time(0)]


# The six rules: how a wait counts, and from which wall time of the anchor's day its end is to be looked for.
Rule = tuple[str, Callable[[int], Delay], bool]
RULES: tuple[Rule, ...] = (
    ("days", days, False),
    ("days at a time of day", days, True),
    ("hours", hours, False),
    ("hours, then a time of day", hours, True),
    ("business days", business_days, False),
    ("business days at a time of day", business_days, True),
)


def wanted(rule: Rule, amount: int, at: LocalTime, anchor: datetime, change: Transition) -> datetime:
    """The end of the wait, from what the rule says in words."""
    name, _, with_clock = rule
    zone = ZoneInfo(change.zone)
    clock = time(int(str(at.hour)), at.minute)
    if name == "hours":
        return anchor + timedelta(hours=amount)
    start = anchor + timedelta(hours=amount) if name.startswith("hours") else anchor
    wall = wall_at(start, zone)
    day = wall.date()
    if not name.startswith("hours"):
        day = day + timedelta(days=amount) if name.startswith("days") else workday(day, amount)
    shown = clock if with_clock else wall.time()
    while (found := first_showing(datetime.combine(day, shown), change)) < start:
        day = day + DAY if not name.startswith("business") else workday(day, 1)
    return found


def workday(day: date, amount: int) -> date:
    while amount or day.weekday() > 4:
        day += DAY
        amount -= amount > 0 and day.weekday() < 5
    return day


def test_no_wait_ends_early_or_late(count: Count, figure: Figure) -> None:
    asked = 0
    for change in changes()[:: count(4, 1)]:
        there = in_zone(change.zone)
        for at in clocks(change):
            # From a day before, so that the end is near the change; from within it; and from just after.
            for anchor in (change.at - DAY, change.at - timedelta(minutes=20), change.at + MINUTE):
                for rule in RULES:
                    for amount in (0, 1):
                        clock = at if rule[2] else None
                        found = due_after(rule[1](amount), clock, anchor, there, {}).at
                        if rule[0] in ("days", "business days") and found == anchor:
                            assert amount == 0
                            continue
                        assert found >= anchor, f"{change} {rule[0]}: before it began"
                        assert found == wanted(rule, amount, at, anchor, change), f"{change} {rule[0]}"
                        asked += 1
    figure("waits", asked)
    figure("changes of the clocks", len(changes()))
    figure("zones", len({change.zone for change in changes()}))
    assert asked > 20_000


def test_a_day_at_a_time_comes_once_a_day() -> None:
    """An end that the jump itself carried over midnight belongs to the day after it."""
    for change in changes():
        zone, there = ZoneInfo(change.zone), in_zone(change.zone)
        for at in clocks(change):
            instant = change.at - 3 * DAY
            for _ in range(6):
                earlier, instant = instant, due_after(days(1), at, instant, there, {}).at
                first, second = (wall_at(one, zone).date() for one in (earlier, instant))
                assert second > first, f"{change} {at}: twice in a day"
                carried = instant == change.at and wall_at(instant, zone).time() == time()
                assert second - first == DAY or (carried and second - first == 2 * DAY), f"{change} {at}"


def test_nothing_leaves_in_quiet_hours(figure: Figure) -> None:
    asked = 0
    for change in changes():
        zone = ZoneInfo(change.zone)
        for start, end in NIGHTS:
            earlier = change.at
            for quarter in range(-60, 61):
                instant = change.at + quarter * timedelta(minutes=15)
                found = after_quiet_hours(instant, zone, start, end)
                assert found >= instant
                assert not in_quiet_hours(wall_at(found, zone).time(), start, end), f"{change} {start}"
                # Before the change, and from it on: in between the clock may be set back out of them.
                assert quarter in (-60, 0) or found >= earlier, "later mails leave no earlier"
                if found > instant:
                    assert in_quiet_hours(wall_at(found - MINUTE, zone).time(), start, end) or (
                        change.at == found
                    ), f"{change} {start}: later than need be"
                earlier = found
                asked += 1
    figure("instants", asked)


def test_what_the_desk_puts_off_leaves_in_the_morning(count: Count) -> None:
    limits = Limits()
    for change in changes()[:: count(7, 1)]:
        zone = ZoneInfo(change.zone)
        for hour in range(-30, 31):
            instant = change.at + timedelta(hours=hour, minutes=7)
            until = quiet_until(limits, instant, zone)
            leaves = instant if until is None else until
            wall = wall_at(leaves, zone)
            assert leaves >= instant
            assert 8 <= wall.hour < 21, f"{change}: {wall}"
    assert limits.is_quiet_for(MailClass.MARKETING)


def test_every_zone_is_looked_at() -> None:
    names = {name for name in available_timezones() if transitions(name, 2024, 2025)}
    rules = {tuple((one.at, one.before) for one in transitions(name, *YEARS)) for name in names}
    assert len(available_timezones()) >= 590
    assert len({one.zone for one in of_all_zones(*YEARS)}) >= len(rules)


# Where somebody lives.


def home(country: str, region: str = "", postcode: str = "", zone: str = "America/Chicago") -> Facts:
    address = Address(country=country, region=region, postcode=postcode)
    return facts(picture(order(shipping_address=address)), shop=replace(SHOP, timezone=zone))


@pytest.mark.parametrize(
    ("country", "region", "postcode", "wanted"),
    [
        ("DE", "", "10435", "Europe/Berlin"),
        ("de", "Bayern", "", "Europe/Berlin"),
        ("ES", "", "28001", "Europe/Madrid"),
        ("ES", "", "35001", "Atlantic/Canary"),
        ("PT", "", "9500-321", "Atlantic/Azores"),
        ("PT", "", "9000-010", "Atlantic/Madeira"),
        ("US", "TX", "", "America/Chicago"),
        ("US", "Texas", "", "America/Chicago"),
        ("US", "US-TX", "", "America/Chicago"),
        ("US", " new york ", "", "America/New_York"),
        ("US", "HI", "", "Pacific/Honolulu"),
        ("CA", "BC", "", "America/Vancouver"),
        ("CA", "Newfoundland", "", "America/St_Johns"),
        ("AU", "WA", "", "Australia/Perth"),
        ("BR", "SP", "", "America/Sao_Paulo"),
        ("JP", "", "", "Asia/Tokyo"),
        ("NZ", "", "", "Pacific/Auckland"),
        # Several clocks, and nothing that tells which.
        ("US", "", "90210", None),
        ("US", "Bavaria", "", None),
        ("RU", "Moscow", "", None),
        ("MX", "", "", None),
        ("", "TX", "", None),
        ("Atlantis", "", "", None),
    ],
)
def test_the_zone_of_an_address(country: str, region: str, postcode: str, wanted: str | None) -> None:
    assert zone_of_place(country, region, postcode) == wanted
    assert home(country, region, postcode, "Asia/Seoul").zone == (wanted or "Asia/Seoul")


def test_every_zone_that_is_named_exists() -> None:
    named = set(zones._ONE_CLOCK.values())
    named |= {zone for region in zones._BY_REGION.values() for zone in region.values()}
    named |= {zone for rows in zones._BY_POSTCODE.values() for _, zone in rows}
    assert named <= available_timezones()
    assert len(zones._ONE_CLOCK) > 140


def test_a_zone_that_does_not_exist_is_utc() -> None:
    nowhere = facts(shop=replace(SHOP, timezone="Mars/Olympus"))
    anchor = SHOP.connected_at
    assert due_after(days(1), local_time(10), anchor, nowhere, {}).why == "1 days, at 10:00 UTC"


def test_ten_in_the_morning_is_the_persons() -> None:
    tokyo = home("JP", zone="America/Chicago")
    found = due_after(days(2), local_time(10), SHOP.connected_at, tokyo, {})
    assert wall_at(found.at, ZoneInfo("Asia/Tokyo")).hour == 10
    assert found.why == "2 days, at 10:00 Asia/Tokyo"


def test_a_business_day_is_the_shops_and_its_hour_the_persons() -> None:
    """From Friday evening in Los Angeles, where it is Saturday noon in Tokyo."""
    here, there = ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo")
    friday = datetime(2026, 6, 5, 20, 0, tzinfo=here)
    seen = home("JP", zone="America/Los_Angeles")
    at_home = due_after(business_days(1), None, friday, seen, {}).at
    assert wall_at(at_home, here) == datetime(2026, 6, 8, 20, 0)
    at_ten = due_after(business_days(1), local_time(10), friday, seen, {}).at
    assert wall_at(at_ten, there) == datetime(2026, 6, 9, 10, 0)
    assert wall_at(at_ten, here) == datetime(2026, 6, 8, 18, 0), "Monday has begun where the parcel is packed"


def test_the_buyer_of_a_gift_lives_at_the_address_of_the_bill() -> None:
    of = order(shipping_address=Address(country="JP"), billing_address=Address(country="DE"), is_gift=True)
    assert facts(picture(of)).zone == "Europe/Berlin"
    assert facts(picture(replace(of, is_gift=False))).zone == "Asia/Tokyo"
    assert facts(picture(replace(of, shipping_address=None, is_gift=False))).zone == "Europe/Berlin"
    assert facts(picture(order())).zone == SHOP.timezone
