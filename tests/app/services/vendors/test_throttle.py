"""How fast an account takes mails: halved when it complains, a tenth more a minute, never a burst."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.services.throttle import (
    FASTEST,
    SLOWEST,
    UNKNOWN,
    Pace,
    asks_slower,
    book,
    emptied,
    faster,
    first_pace,
    slower,
    take,
)
from emails.providers.base import SendFailed

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("failure", "slow"),
    [
        (SendFailed("vendor_busy", code=429), True),
        (
            SendFailed("content_deferred", code=450, answer="4.7.28 an unusual rate"),
            True,
        ),
        (SendFailed("recipient_deferred", code=451, answer="4.7.1 Greylisted, please try again"), False),
        (SendFailed("recipient_deferred", code=451, answer="4.7.1 graylisting in effect"), False),
        (SendFailed("recipient_deferred", code=450, answer="4.2.0 later"), False),
        (SendFailed("policy", code=550, answer="5.7.1 no"), False),
        (SendFailed("vendor_trouble", code=500), False),
    ],
)
def test_who_asks_for_less(failure: SendFailed, slow: bool) -> None:
    assert asks_slower(failure) is slow


def test_no_number_is_no_limit() -> None:
    pace = first_pace("smtp", NOW)
    assert take(pace, 10_000, NOW) == (10_000, pace)
    assert first_pace("resend", NOW).per_second == 2.0


def test_no_second_takes_more_than_its_share(count: int = 5000) -> None:
    pace, left = Pace(7.0, 0.0, NOW), []
    for tick in range(count):
        granted, pace = take(pace, 100, after(tick / 10))
        left += [tick / 10] * granted
    assert len(left) == pytest.approx(7.0 * count / 10, abs=8)
    for start in range(0, count // 10, 7):
        assert sum(start <= at < start + 1 for at in left) <= 14, "a full bucket and a second's worth"


def test_a_long_silence_saves_up_one_second() -> None:
    assert take(Pace(7.0, 0.0, NOW), 100, after(3600))[0] == 7


def test_complaints_of_one_burst_count_once() -> None:
    pace = slower(Pace(16.0, 5.0, NOW), 0, NOW)
    assert pace.per_second == 8.0 and pace.allowance == 0
    assert slower(pace, 0, after(4)).per_second == 8.0
    assert slower(pace, 0, after(5)).per_second == 4.0
    assert slower(Pace(None, 1.0, NOW), 0, NOW).per_second == UNKNOWN / 2


def test_the_wish_for_silence_is_kept() -> None:
    pace = slower(Pace(10.0, 5.0, NOW), 30, NOW)
    assert take(pace, 100, after(29.9))[0] == 0
    assert take(pace, 100, after(30.3))[0] == 1
    moments, _ = book(pace, 2, NOW)
    assert moments[0] >= timedelta(seconds=30)


def test_it_grows_a_tenth_a_minute_up_to_no_limit() -> None:
    pace = slower(Pace(20.0, 0.0, NOW), 0, NOW)
    assert faster(pace, after(59)) == pace
    grown = faster(pace, after(60))
    assert grown.per_second == pytest.approx(11.0)
    assert faster(grown, after(61)) == grown
    minutes, held = 0, pace
    while held.per_second is not None:
        minutes += 1
        held = faster(held, after(60 * minutes))
    assert minutes < 60 and FASTEST == 1000


def test_it_never_stands_still() -> None:
    pace = Pace(1.0, 0.0, NOW)
    for place in range(50):
        pace = slower(pace, 0, after(10 * place))
    assert pace.per_second == SLOWEST


def test_those_that_wait_come_one_behind_the_other() -> None:
    first, pace = book(Pace(2.0, 0.0, NOW), 3, NOW)
    second, _ = book(pace, 2, after(1))
    assert [one.total_seconds() for one in first] == [0.5, 1.0, 1.5]
    assert [one.total_seconds() for one in second] == [1.0, 1.5], "behind whoever waits already"


def test_an_outage_saves_up_nothing() -> None:
    pace = emptied(Pace(50.0, 50.0, NOW), after(600))
    assert take(pace, 100, after(600))[0] == 0
    assert take(pace, 100, after(600.1))[0] == 5


def test_a_clock_that_is_behind_changes_nothing() -> None:
    pace = Pace(10.0, 3.0, NOW)
    assert take(pace, 5, after(-60)) == (3, replace(pace, allowance=0.0))
