"""Waits that aim at a moment which the facts know, or learn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.delays import Moment, Until, days, hours, knob, latest, local_time, until
from flows.estimates import Estimate
from flows.facts import Facts
from flows.person import Person
from flows.timing import due_after
from tests.flows.pictures import MUG, T0, facts, order, parcel, picture

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MORNING = local_time(9)


def expected(at: datetime | None) -> Facts:
    return facts(picture(order(MUG), parcels=(replace(parcel("9", (MUG,)), estimated_at=at),)))


def due(timing: Until, seen: Facts, anchor: datetime = T0, **knobs: int) -> datetime:
    return due_after(timing, None, anchor, seen, knobs).at


def test_so_many_days_before_the_expected_arrival_and_after_it() -> None:
    seen = expected(T0 + 5 * DAY)
    assert due(until(Moment.ESTIMATED_ARRIVAL, before=2), seen) == T0 + 3 * DAY
    assert due(until(Moment.ESTIMATED_ARRIVAL), seen) == T0 + 5 * DAY
    assert due(until(Moment.ESTIMATED_ARRIVAL, after=knob("wait")), seen, wait=1) == T0 + 6 * DAY - HOUR, (
        "the same time on the wall, though the clocks have gone forward"
    )


def test_a_moment_that_has_passed_or_is_not_known_keeps_nobody() -> None:
    assert due(until(Moment.ESTIMATED_ARRIVAL, before=9), expected(T0 + 5 * DAY)) == T0
    assert due(until(Moment.RUN_OUT), facts()) == T0
    at_nine = due_after(until(Moment.ESTIMATED_ARRIVAL, before=9), MORNING, T0, expected(T0 + 5 * DAY), {})
    assert T0 <= at_nine.at <= T0 + DAY


def test_the_carrier_s_word_comes_before_ours() -> None:
    ours = {"estimated_arrival": Estimate(T0 + 9 * DAY, "fallback")}
    assert due(until(Moment.ESTIMATED_ARRIVAL), replace(expected(None), estimates=ours)) == T0 + 9 * DAY
    told = replace(expected(T0 + 5 * DAY), estimates=ours)
    assert due(until(Moment.ESTIMATED_ARRIVAL), told) == T0 + 5 * DAY


def test_whichever_is_later() -> None:
    seen = expected(T0 + 5 * DAY)
    later = latest(days(2), until(Moment.ESTIMATED_ARRIVAL, before=2))
    assert due_after(later, None, T0, seen, {}).at == T0 + 3 * DAY
    assert due_after(latest(hours(200), days(3)), None, T0, seen, {}).at == T0 + timedelta(hours=200)


@pytest.mark.parametrize(
    ("first", "after", "comes"),
    [
        (datetime(2024, 3, 5, 8, tzinfo=UTC), datetime(2024, 3, 5, 8, tzinfo=UTC), (2025, 3, 5)),
        (datetime(2024, 3, 5, 8, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC), (2026, 3, 5)),
        (datetime(2024, 2, 29, 8, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), (2025, 2, 28)),
        (datetime(2024, 2, 29, 8, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC), (2028, 2, 29)),
    ],
)
def test_every_year_on_the_day_of_the_first_order(
    first: datetime, after: datetime, comes: tuple[int, int, int]
) -> None:
    seen = replace(facts(), person=Person(first_order_at=first))
    found = due_after(until(Moment.ANNIVERSARY), MORNING, after, seen, {}).at
    assert (found.year, found.month, found.day) == comes


def test_before_or_after_and_not_both() -> None:
    with pytest.raises(ValueError, match="not both"):
        until(Moment.RUN_OUT, before=1, after=1)


@pytest.mark.parametrize("beyond", [{"before": 10_001}, {"after": -1}])
def test_no_wait_is_longer_than_others_are(beyond: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a wait is 0 to 10000 days"):
        until(Moment.RUN_OUT, **beyond)
    with pytest.raises(ValueError, match="of nothing"):
        latest()
