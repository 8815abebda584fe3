"""How often a person wants to hear from a shop: offers keep that distance, a break holds all but orders."""

from __future__ import annotations

from datetime import datetime

import pytest

from flows.desk import READER_PACE, Touch, decide
from flows.facts import MailClass
from flows.journey import Ruling
from flows.limits import USUAL
from flows.pace import Pace
from tests.flows.test_desk import BERLIN, DAY, NOON, M, S, T, ask, no_to, told, touch


def at_pace(pace: Pace, *touches: Touch, mail_class: MailClass = M, now: datetime = NOON) -> Ruling:
    return decide([ask(mail_class=mail_class)], touches, USUAL, BERLIN, now, pace=pace)[1]


def test_offers_keep_the_distance_that_the_person_chose() -> None:
    ruling = at_pace(Pace(14), touch(10 * DAY))
    assert told(ruling) == ("defer", READER_PACE, NOON + 4 * DAY)
    assert list(no_to(ruling)) == ["own_pace"]
    assert told(at_pace(Pace(14), touch(14 * DAY)))[0] == "allow"
    assert told(at_pace(Pace(0), touch(10 * DAY)))[0] == "allow"


def test_mails_of_one_series_keep_it_too() -> None:
    """A series has a rhythm of its own; the person's wish is above it."""
    before = Touch(NOON - 5 * DAY, M, "win_back", 1, NOON - 5 * DAY)
    assert told(at_pace(Pace(0), before))[0] == "allow"
    assert told(at_pace(Pace(14), before)) == ("skip", READER_PACE, None)


def test_whoever_waits_longer_than_patience_is_dropped_for_the_person_s_sake() -> None:
    assert told(at_pace(Pace(30), touch(10 * DAY))) == ("skip", READER_PACE, None)
    assert told(at_pace(Pace(30), touch(25 * DAY))) == ("defer", READER_PACE, NOON + 5 * DAY)


@pytest.mark.parametrize(("mail_class", "verdict"), [(T, "allow"), (S, "defer"), (M, "defer")])
def test_a_break_holds_all_but_mails_about_orders(mail_class: MailClass, verdict: str) -> None:
    ruling = at_pace(Pace(0, NOON + 2 * DAY), mail_class=mail_class)
    assert told(ruling)[0] == verdict
    if verdict == "defer":
        assert told(ruling) == ("defer", READER_PACE, NOON + 2 * DAY)
        assert told(at_pace(Pace(0, NOON), mail_class=mail_class))[0] == "allow", "the break is over"


def test_service_mails_know_no_distance_of_offers() -> None:
    assert told(at_pace(Pace(30), touch(DAY), mail_class=S))[0] == "allow"


def test_the_shop_s_own_limit_is_named_before_the_person_s_wish() -> None:
    ruling = at_pace(Pace(14), touch(DAY))
    assert ruling.reason == "frequency_cap"
    assert {"spaced", "own_pace"} == set(no_to(ruling))
