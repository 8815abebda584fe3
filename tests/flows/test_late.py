"""On the day of a late parcel it is care: a review is asked for on another day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.guards import rule_on
from flows.journey import Verdict
from flows.late import CARE, Late, day_after
from flows.presets import preset
from tests.flows.pictures import T0, facts

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 3, 20, 10, tzinfo=BERLIN)
EVENING = datetime(2026, 3, 20, 18, tzinfo=BERLIN)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("late", "waits"),
    [
        ((), False),
        ((Late(EVENING),), True),  # it may come today yet
        ((Late(EVENING + DAY),), False),
        ((Late(EVENING - DAY),), True),
        ((Late(EVENING - CARE),), True),
        ((Late(EVENING - CARE - DAY),), False),
        ((Late(EVENING - DAY, EVENING - DAY + timedelta(hours=2)),), False),
        ((Late(EVENING - DAY, DUE - timedelta(hours=1)),), True),
        ((Late(EVENING - 9 * DAY, DUE - timedelta(hours=9)),), True),
        ((Late(EVENING - 9 * DAY, DUE - timedelta(hours=11)),), False),
        ((Late(EVENING - 9 * DAY), Late(EVENING)), True),
    ],
)
def test_a_day_is_a_day_of_the_wall(late: tuple[Late, ...], waits: bool) -> None:
    wanted = (DUE + DAY).astimezone(ZoneInfo("UTC")) if waits else None
    assert day_after(late, DUE, DUE + timedelta(minutes=5), BERLIN) == wanted


def test_only_the_question_waits_and_it_keeps_its_hour() -> None:
    request, reply = preset("review_request"), preset("review_reply")
    at = T0 + timedelta(days=9)
    late = facts(late=(Late(at + timedelta(hours=2)),), stars=5)
    asked = rule_on(request, "ask", at, at + 5 * DAY, late, at + timedelta(minutes=7))
    assert (asked.verdict, asked.reason, asked.until) == (Verdict.DEFER, "parcel_late", at + DAY)
    assert rule_on(reply, "share", at, at + 5 * DAY, late, at).verdict is Verdict.ALLOW
    assert rule_on(request, "ask", at, at + 5 * DAY, facts(), at).verdict is Verdict.ALLOW


def test_what_is_over_is_over_whatever_is_late() -> None:
    request = preset("review_request")
    late = facts(late=(Late(T0),))
    assert rule_on(request, "ask", T0, T0 - DAY, late, T0).reason == "expired"
