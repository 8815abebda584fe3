"""One person's mails at the desk: who goes, who waits until when, who is dropped, and for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.desk import FREQUENCY_CAP, QUIET_HOURS, Ask, Touch, decide
from flows.facts import MailClass
from flows.journey import Ruling, Verdict
from flows.limits import USUAL, Limits

T, S, M = MailClass.TRANSACTIONAL, MailClass.SERVICE, MailClass.MARKETING
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 4, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE = 30 * DAY


def ask(number: int = 1, mail_class: MailClass = M, flow: str = "win_back", **changes: Any) -> Ask:
    made = Ask(number, flow, "mail", number, mail_class, NOON, NOON + LATE, NOON)
    return replace(made, **changes)


def touch(before: timedelta, mail_class: MailClass = M, flow: str = "cross_sell_series") -> Touch:
    return Touch(NOON - before, mail_class, flow, 99)


def one(asked: Ask, *touches: Touch, limits: Limits = USUAL, now: datetime = NOON) -> Ruling:
    return decide([asked], touches, limits, BERLIN, now)[asked.id]


def told(ruling: Ruling) -> tuple[str, str | None, datetime | None]:
    return ruling.verdict.value, ruling.reason, ruling.until


def no_to(ruling: Ruling) -> dict[str, str]:
    return {reason.rule: reason.value for reason in ruling.reasons if not reason.passed}


def test_nothing_in_the_way() -> None:
    ruling = one(ask())
    assert told(ruling) == ("allow", None, None)
    assert [reason.rule for reason in ruling.reasons] == [
        "spaced",
        "within_week",
        "within_month",
        "not_quiet",
    ]


def test_what_an_order_demands_knows_no_limit_and_no_night() -> None:
    many = [touch(HOUR * n) for n in range(1, 9)]
    midnight = NOON + 12 * HOUR
    assert told(one(ask(mail_class=T), *many, now=midnight)) == ("allow", None, None)


def test_two_offers_are_96_hours_apart() -> None:
    ruling = one(ask(), touch(95 * HOUR))
    assert told(ruling) == ("defer", FREQUENCY_CAP, NOON + HOUR)
    assert no_to(ruling) == {"spaced": "cross_sell_series 2026-10-31T12:00:00+00:00"}
    assert told(one(ask(), touch(96 * HOUR))) == ("allow", None, None)
    assert told(one(ask(mail_class=S), touch(HOUR))) == ("allow", None, None), "service mails are not spaced"
    assert told(one(ask(), touch(HOUR, S))) == ("allow", None, None)


def test_the_place_is_found_at_an_hour_that_is_not_quiet() -> None:
    ruling = one(ask(), touch(85 * HOUR))  # 96 hours are over at 23:00 in Berlin
    assert told(ruling) == ("defer", FREQUENCY_CAP, datetime(2026, 11, 5, 7, 0, tzinfo=UTC))


def test_three_in_seven_days_of_both_classes() -> None:
    near = [touch(DAY, S), touch(5 * DAY, S), touch(6 * DAY + 22 * HOUR)]
    ruling = one(ask(mail_class=S), *near)
    assert told(ruling) == ("defer", FREQUENCY_CAP, NOON + 2 * HOUR)
    assert list(no_to(ruling)) == ["within_week"]
    assert told(one(ask(mail_class=S), *near[:2], touch(7 * DAY))) == ("allow", None, None)


def test_five_offers_in_thirty_days() -> None:
    near = [touch(DAY * n) for n in (5, 10, 15, 20, 29)]
    ruling = one(ask(), *near)
    assert told(ruling) == ("defer", FREQUENCY_CAP, NOON + DAY)
    assert list(no_to(ruling)) == ["within_month"]
    assert told(one(ask(mail_class=S), *near)) == ("allow", None, None)


@pytest.mark.parametrize(("mail_class", "days"), [(S, 3), (M, 7)])
def test_a_mail_is_put_off_for_days_only_and_then_dropped(mail_class: MailClass, days: int) -> None:
    """72 hours, 7 days, from when it was first put off, and never beyond what the mail allows."""
    limits = replace(USUAL, week=1)
    fits, too_late = touch((7 - days) * DAY, mail_class), touch((7 - days) * DAY - HOUR, mail_class)
    assert told(one(ask(mail_class=mail_class), fits, limits=limits))[0] == "defer"
    dropped = one(ask(mail_class=mail_class), too_late, limits=limits)
    assert told(dropped) == ("skip", FREQUENCY_CAP, None)
    assert "within_week" in no_to(dropped)
    before = ask(mail_class=mail_class, postponed_at=NOON - HOUR)
    assert told(one(before, fits, limits=limits)) == ("skip", FREQUENCY_CAP, None)
    short = ask(mail_class=mail_class, expires_at=NOON + HOUR)
    assert told(one(short, fits, limits=limits)) == ("skip", FREQUENCY_CAP, None)


def test_quiet_hours_over_midnight_hold_for_offers_alone_unless_the_shop_says_more() -> None:
    night = datetime(2026, 11, 4, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    morning = datetime(2026, 11, 5, 7, 0, tzinfo=UTC)
    assert told(one(ask(), now=night)) == ("defer", QUIET_HOURS, morning)
    assert told(one(ask(mail_class=S), now=night)) == ("allow", None, None)
    both = replace(USUAL, quiet_service=True)
    assert told(one(ask(mail_class=S), now=night, limits=both)) == ("defer", QUIET_HOURS, morning)
    never = replace(USUAL, quiet_from=0, quiet_until=0)
    assert told(one(ask(), now=night, limits=never)) == ("allow", None, None)
    before_morning = ask(expires_at=morning - HOUR)
    assert told(one(before_morning, now=night)) == ("skip", QUIET_HOURS, None)


def test_of_two_at_once_the_class_the_worth_and_the_age_decide() -> None:
    both = decide([ask(1, flow="surprise_delight"), ask(2, flow="replenishment")], (), USUAL, BERLIN, NOON)
    assert told(both[2]) == ("allow", None, None)
    assert told(both[1]) == ("defer", FREQUENCY_CAP, NOON + 96 * HOUR)
    assert no_to(both[1])["spaced"] == "replenishment 2026-11-04T11:00:00+00:00"
    limits = replace(USUAL, week=1)
    mixed = decide([ask(1, flow="replenishment"), ask(2, S, "care_warranty")], (), limits, BERLIN, NOON)
    assert (mixed[1].verdict, mixed[2].verdict) == (Verdict.DEFER, Verdict.ALLOW)
    ages = decide([ask(1), ask(2, due_at=NOON - HOUR)], (), USUAL, BERLIN, NOON)
    assert (ages[1].verdict, ages[2].verdict) == (Verdict.DEFER, Verdict.ALLOW)
    own = decide([ask(1, flow="replenishment"), ask(2, worth=99)], (), USUAL, BERLIN, NOON)
    assert own[2].verdict is Verdict.ALLOW


def test_a_better_mail_that_comes_within_the_day_keeps_its_place() -> None:
    soon = ask(2, flow="replenishment", wants_at=NOON + 2 * HOUR)
    both = decide([ask(1), soon], (), USUAL, BERLIN, NOON)
    assert told(both[1]) == ("defer", FREQUENCY_CAP, NOON + 98 * HOUR)
    assert told(both[2]) == ("defer", None, NOON + 2 * HOUR)


def test_what_only_a_promise_displaces_is_not_dropped_for_good() -> None:
    limits = replace(USUAL, week=1)
    first, second = ask(1, S, "review_request"), ask(2, S, "care_warranty")
    both = decide([first, second], (), limits, BERLIN, NOON)
    assert told(both[2]) == ("defer", FREQUENCY_CAP, NOON + timedelta(minutes=15))
    after = one(replace(second, postponed_at=NOON), touch(timedelta(), S), limits=limits)
    assert told(after) == ("skip", FREQUENCY_CAP, None)


def test_mails_of_one_series_keep_its_own_distance() -> None:
    """Three days apart are three days, not 96 hours; one that left late moves the next one on."""
    sent = Touch(NOON - 3 * DAY, M, "win_back", 1, NOON - 3 * DAY)
    assert told(one(ask(), sent)) == ("allow", None, None)
    late = replace(sent, at=NOON - DAY)
    ruling = one(ask(), late)
    assert told(ruling) == ("defer", FREQUENCY_CAP, datetime(2026, 11, 6, 7, 0, tzinfo=UTC))
    assert list(no_to(ruling)) == ["spaced"]
    far = Touch(NOON - 5 * DAY, M, "win_back", 1, NOON - 30 * DAY)
    assert told(one(ask(), far)) == ("allow", None, None), "four days are enough between any two"
    full = [Touch(NOON - n * DAY, S, "win_back", 1, NOON - n * DAY) for n in (1, 2, 3)]
    assert told(one(ask(), *full))[:2] == ("defer", FREQUENCY_CAP), "they count to the totals"


def test_whoever_shows_no_interest_gets_half() -> None:
    near = [touch(5 * DAY, S), touch(6 * DAY, S)]

    def verdict(days: int | None) -> Verdict:
        active = None if days is None else NOON - days * DAY
        return decide([ask(mail_class=S)], near, USUAL, BERLIN, NOON, active)[1].verdict

    assert verdict(60) is verdict(119) is verdict(None) is Verdict.ALLOW
    assert verdict(120) is Verdict.DEFER
    assert replace(USUAL).halved() == replace(USUAL, month=3, week=2)


def test_other_senders_mails_count() -> None:
    newsletter = Touch(NOON - DAY, M, "Newsletter")
    assert told(one(ask(), newsletter)) == ("defer", FREQUENCY_CAP, NOON + 3 * DAY)
