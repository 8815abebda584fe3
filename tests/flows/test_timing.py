from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.bought import slowest_kind
from flows.commerce import Product
from flows.delays import (
    Delay,
    LocalTime,
    Timing,
    business_days,
    by_product_kind,
    days,
    hours,
    knob,
    local_time,
    minutes,
)
from flows.kinds import TimingKind, kind_of
from flows.timing import due_after
from tests.flows.pictures import BEANS, MUG, T0, facts, in_zone, line, order, picture, product, refund
from tests.flows.transitions import Transition, of_all_zones

REVIEWS = by_product_kind(fast=days(4), standard=days(10), complex=days(17), long=days(45))


def due(zone: str, anchor: str, timing: Timing, at: LocalTime | None = None) -> str:
    """Wall times in, wall time with its offset out."""
    start = datetime.fromisoformat(anchor).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = due_after(timing, at, start, in_zone(zone), {})
    return found.at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("zone", "anchor", "timing", "at", "wanted"),
    [
        # Hours elapse, days are days of the wall clock.
        ("Europe/Berlin", "2026-03-28T12:00", hours(24), None, "2026-03-29T13:00+02:00"),
        ("Europe/Berlin", "2026-03-28T12:00", days(1), None, "2026-03-29T12:00+02:00"),
        ("Europe/Berlin", "2026-10-24T12:00", hours(24), None, "2026-10-25T11:00+01:00"),
        ("Europe/Berlin", "2026-10-24T12:00", days(1), None, "2026-10-25T12:00+01:00"),
        ("Europe/Berlin", "2026-03-29T01:50", minutes(20), None, "2026-03-29T03:10+02:00"),
        ("America/Chicago", "2026-03-07T09:00", days(2), None, "2026-03-09T09:00-05:00"),
        # A time that the clock jumps over: the first minute after the jump.
        ("Europe/Berlin", "2026-03-28T02:30", days(1), None, "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", "2026-03-20T18:00", days(9), local_time(2, 15), "2026-03-29T03:00+02:00"),
        ("America/Santiago", "2026-09-01T12:00", days(5), local_time(0, 30), "2026-09-06T01:00-03:00"),
        # A time that the clock shows twice: the first showing.
        ("Europe/Berlin", "2026-10-24T02:30", days(1), None, "2026-10-25T02:30+02:00"),
        ("America/Chicago", "2026-10-30T12:00", days(2), local_time(1, 30), "2026-11-01T01:30-05:00"),
        # With a time of day, days are calendar days after the anchor's local day.
        ("America/Chicago", "2026-06-01T00:05", days(10), local_time(10), "2026-06-11T10:00-05:00"),
        ("America/Chicago", "2026-06-01T23:55", days(10), local_time(10), "2026-06-11T10:00-05:00"),
        ("Pacific/Auckland", "2026-06-01T23:55", days(1), local_time(10), "2026-06-02T10:00+12:00"),
        ("Asia/Kolkata", "2026-02-28T12:00", days(1), local_time(10), "2026-03-01T10:00+05:30"),
        # Today at ten, if that is still to come.
        ("Asia/Tokyo", "2026-06-01T09:00", days(0), local_time(10), "2026-06-01T10:00+09:00"),
        ("Asia/Tokyo", "2026-06-01T10:00", days(0), local_time(10), "2026-06-01T10:00+09:00"),
        ("Asia/Tokyo", "2026-06-01T11:00", days(0), local_time(10), "2026-06-02T10:00+09:00"),
        ("Asia/Tokyo", "2026-06-01T11:00", days(0), None, "2026-06-01T11:00+09:00"),
        # Elapsed time, then the first ten o'clock.
        ("Asia/Tokyo", "2026-06-01T09:00", hours(1), local_time(10), "2026-06-01T10:00+09:00"),
        ("Asia/Tokyo", "2026-06-01T09:01", hours(1), local_time(10), "2026-06-02T10:00+09:00"),
        ("Asia/Tokyo", "2026-06-01T09:00", hours(48), local_time(8), "2026-06-04T08:00+09:00"),
        # Monday to Friday; 1 June 2026 is a Monday.
        ("Asia/Tokyo", "2026-06-01T15:00", business_days(1), None, "2026-06-02T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-04T15:00", business_days(2), None, "2026-06-08T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-05T15:00", business_days(1), None, "2026-06-08T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-05T15:00", business_days(5), None, "2026-06-12T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-06T15:00", business_days(1), None, "2026-06-08T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-07T15:00", business_days(6), None, "2026-06-15T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-06T15:00", business_days(0), None, "2026-06-08T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-05T15:00", business_days(0), None, "2026-06-05T15:00+09:00"),
        ("Asia/Tokyo", "2026-06-05T15:00", business_days(0), local_time(10), "2026-06-08T10:00+09:00"),
        ("Asia/Tokyo", "2026-06-03T15:00", business_days(3), local_time(10), "2026-06-08T10:00+09:00"),
        # The local day decides what a weekend is: Friday evening in Los Angeles is Saturday in UTC.
        ("America/Los_Angeles", "2026-06-05T20:00", business_days(1), None, "2026-06-08T20:00-07:00"),
    ],
)
def test_when_a_wait_is_over(
    zone: str, anchor: str, timing: Timing, at: LocalTime | None, wanted: str
) -> None:
    assert due(zone, anchor, timing, at) == wanted


def test_business_days_are_the_nth_workday_after() -> None:
    """Against counting on the fingers."""
    for start in range(7):
        anchor = datetime(2026, 6, 1 + start, 3, tzinfo=UTC)
        for amount in range(1, 25):
            day, left = anchor, amount
            while left:
                day += timedelta(days=1)
                left -= day.weekday() < 5
            assert due_after(business_days(amount), None, anchor, in_zone("UTC"), {}).at == day


def test_from_the_second_showing_nothing_is_due_in_the_first() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    berlin = in_zone("Europe/Berlin")
    assert due_after(days(0), None, second, berlin, {}).at == second
    assert due_after(days(0), local_time(2, 30), second, berlin, {}).at > second
    assert due_after(hours(0), local_time(2, 30), second, berlin, {}).at > second


def _days_across(transition: Transition, minute: int) -> None:
    """A wait of a day, again and again, across a change of the clocks."""
    zone = ZoneInfo(transition.zone)
    clock = local_time(*divmod(minute, 60))
    somewhere = in_zone(transition.zone)
    at = transition.at - timedelta(days=3)
    seen = []
    for _ in range(6):
        earlier, at = at, due_after(days(1), clock, at, somewhere, {}).at
        assert at > earlier
        wall = at.astimezone(zone)
        wanted = wall.replace(hour=clock.hour if isinstance(clock.hour, int) else 0, minute=clock.minute)
        assert wall.replace(tzinfo=None) >= wanted.replace(tzinfo=None), f"{transition}: early"
        seen.append(wall.date())
    assert seen == [seen[0] + timedelta(days=n) for n in range(6)], f"{transition}: once a day"


@pytest.mark.parametrize("minute", [0, 30, 90, 135, 150, 180])
def test_a_day_at_a_time_over_every_change_of_the_clocks(minute: int) -> None:
    for transition in of_all_zones():
        _days_across(transition, minute)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(sorted({one.zone for one in of_all_zones()})),
    anchor=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),
    delay=st.sampled_from([days, hours, minutes, business_days]),
    amount=st.integers(0, 60),
    at=st.none() | st.builds(LocalTime, st.integers(0, 23), st.integers(0, 59)),
)
def test_nothing_is_early_and_waiting_longer_never_ends_sooner(
    zone: str, anchor: datetime, delay: Callable[[int], Delay], amount: int, at: LocalTime | None
) -> None:
    where = in_zone(zone)
    found = due_after(delay(amount), at, anchor, where, {}).at
    longer = due_after(delay(amount + 1), at, anchor, where, {}).at
    later = due_after(delay(amount), at, anchor + timedelta(hours=3), where, {}).at
    assert anchor <= found <= longer
    if delay is business_days:
        assert found.astimezone(ZoneInfo(zone)).date() <= later.astimezone(ZoneInfo(zone)).date()
    else:
        assert found <= later
    if delay is days:
        first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (anchor, found))
        assert amount <= (last - first).days <= amount + 1


def test_a_missing_day_is_skipped_to_the_next_morning() -> None:
    """Samoa had no 30 December 2011."""
    assert due("Pacific/Apia", "2011-12-29T12:00", days(1), local_time(10)) == "2011-12-31T00:00+14:00"


def test_knobs_decide_where_the_flow_says_so() -> None:
    found = due_after(days(knob("wait")), local_time(knob("hour")), T0, facts(), {"wait": 2, "hour": 8})
    assert found.at == datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
    assert found.why == "2 days, at 08:00 America/Chicago"


def test_the_words_tell_which_kind_decided() -> None:
    seen = facts(picture(order(MUG, line("grinder"))))
    assert due_after(REVIEWS, None, T0, seen, {}).why == "17 days (complex products)"
    assert due_after(business_days(2), None, T0, seen, {}).why == "2 business days"


@pytest.mark.parametrize(
    ("kind", "tags", "wanted"),
    [
        ("", (), TimingKind.STANDARD),
        ("Mug", (), TimingKind.STANDARD),
        ("Coffee", (), TimingKind.FAST),
        ("Coffee", ("espresso", "dark"), TimingKind.FAST),
        ("COFFEE BEANS", (), TimingKind.FAST),
        ("Teas", (), TimingKind.FAST),
        ("Team shirt", (), TimingKind.STANDARD),
        ("Snacks", (), TimingKind.FAST),
        ("Food supplements", (), TimingKind.FAST),
        ("Books", (), TimingKind.FAST),
        ("Bookshelf", (), TimingKind.STANDARD),
        ("Coffee grinder", (), TimingKind.COMPLEX),
        ("Electronics", (), TimingKind.COMPLEX),
        ("Kettles", (), TimingKind.COMPLEX),
        ("Home fitness", (), TimingKind.COMPLEX),
        ("Software", (), TimingKind.COMPLEX),
        ("Lamp system", (), TimingKind.COMPLEX),
        ("Lamp", (), TimingKind.STANDARD),
        ("Furniture", (), TimingKind.LONG),
        ("Sofas", (), TimingKind.LONG),
        ("Kitchen appliance", (), TimingKind.LONG),
        ("Coffee subscription", (), TimingKind.LONG),
        ("", ("new", "tea"), TimingKind.FAST),
        ("Gear", ("grinder", "coffee"), TimingKind.COMPLEX),
        ("Coffee", ("timing:long",), TimingKind.LONG),
        ("Furniture", ("Timing: Fast ",), TimingKind.FAST),
        ("Furniture", ("timing:soon",), TimingKind.LONG),
    ],
)
def test_how_long_a_product_takes_to_be_tried(kind: str, tags: tuple[str, ...], wanted: TimingKind) -> None:
    assert kind_of(Product("1", "x", T0, kind=kind, tags=tags)).timing is wanted


def test_of_several_products_the_slowest_decides() -> None:
    grinder, sofa, unknown = line("grinder"), line("sofa"), line("mystery")
    assert slowest_kind(facts(picture(order(BEANS)))) is TimingKind.FAST
    assert slowest_kind(facts(picture(order(BEANS, unknown)))) is TimingKind.STANDARD
    assert slowest_kind(facts(picture(order(BEANS, MUG, grinder)))) is TimingKind.COMPLEX
    assert slowest_kind(facts(picture(order(sofa, BEANS, MUG, grinder)))) is TimingKind.LONG


def test_a_product_that_went_back_does_not_decide() -> None:
    sofa = line("sofa")
    returned = picture(order(BEANS, sofa), refunds=(refund((sofa, 1), at=T0),))
    assert slowest_kind(facts(returned)) is TimingKind.FAST


def test_without_anything_to_review_the_standard_holds() -> None:
    assert slowest_kind(facts(picture(order(line("card", gift_card=True))))) is TimingKind.STANDARD


def test_the_tag_of_one_product_says_nothing_of_another() -> None:
    products = {one.id: one for one in (product("mug", tags=("timing:fast",)), product("beans", "Coffee"))}
    assert slowest_kind(facts(picture(order(MUG, BEANS)), products=products)) is TimingKind.FAST


@pytest.mark.parametrize("amount", [-1, 10_001])
def test_a_wait_has_bounds(amount: int) -> None:
    with pytest.raises(ValueError, match=str(amount)):
        days(amount)


@pytest.mark.parametrize(("hour", "minute"), [(24, 0), (-1, 0), (10, 60), (10, -1)])
def test_a_time_of_day_is_one_that_a_clock_shows(hour: int, minute: int) -> None:
    with pytest.raises(ValueError, match="no clock"):
        local_time(hour, minute)
