"""Full mailboxes earn a rest, in whichever order it is told of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services.rests import MOST, REST, end_rests
from emails.feedback import Told
from tests.app.desk import START, Desk
from tests.app.services.told_mails import LATER, barred, mails, take, told

DAY = timedelta(days=1)


@pytest.fixture
def told_desk(desk: Desk) -> Desk:
    desk.now = LATER + DAY
    return desk


def test_three_full_mailboxes_within_a_fortnight_are_a_rest_of_a_month(told_desk: Desk) -> None:
    first, second, third = mails(told_desk, 3)
    take(told_desk, told(first, Told.SOFT_BOUNCED, START - 12 * DAY), told(second, Told.SOFT_BOUNCED, START))
    # The same mail, told of by its vendor and by the mailbox, is one.
    take(told_desk, told(first, Told.SOFT_BOUNCED, START - 11 * DAY))
    assert barred(told_desk) == {}
    take(told_desk, told(third, Told.SOFT_BOUNCED, LATER))
    assert barred(told_desk) == {"*": "soft_bounces"}
    assert end_rests(told_desk.database, LATER + 30 * DAY - timedelta(seconds=1)) == 0
    assert end_rests(told_desk.database, LATER + 30 * DAY) == 1
    assert barred(told_desk) == {}


@pytest.mark.parametrize("first_told", [0, 3])
def test_a_mail_that_came_back_long_before_too_counts_in_any_order(told_desk: Desk, first_told: int) -> None:
    a, b, c = mails(told_desk, 3)
    days_ago = [(a, 20), (a, 5), (b, 3), (c, 0)]
    reports = [told(mail, Told.SOFT_BOUNCED, LATER - days * DAY) for mail, days in days_ago]
    early = reports.pop(0)
    reports.insert(first_told, early)
    for one in reports:
        take(told_desk, one)
    assert barred(told_desk) == {"*": "soft_bounces"}


def test_only_the_newest_reports_are_looked_at(told_desk: Desk) -> None:
    """Whoever signs for a shop's own account may make up thousands: comparing each with each would take
    minutes."""
    a, b, c = mails(told_desk, 3)
    made_up = [told(a, Told.SOFT_BOUNCED, LATER + n * timedelta(seconds=1)) for n in range(MOST)]
    take(told_desk, *made_up)
    take(told_desk, told(b, Told.SOFT_BOUNCED, LATER - DAY), told(c, Told.SOFT_BOUNCED, LATER - DAY))
    assert barred(told_desk) == {}


def test_three_within_more_than_a_fortnight_are_none(told_desk: Desk) -> None:
    found = mails(told_desk, 3)
    for mail, at in zip(found, (LATER - 14 * DAY, LATER - 2 * DAY, LATER), strict=True):
        take(told_desk, told(mail, Told.SOFT_BOUNCED, at))
    assert barred(told_desk) == {}


def test_a_rest_ends_where_the_mailbox_turns_out_to_be_gone(told_desk: Desk) -> None:
    found = mails(told_desk, 3)
    take(told_desk, *(told(mail, Told.SOFT_BOUNCED) for mail in found))
    take(told_desk, told(found[0], Told.HARD_BOUNCED))
    assert barred(told_desk) == {"*": "hard_bounce"}
    # What is told late of the full mailbox gives no rest in place of the end.
    take(told_desk, told(found[1], Told.SOFT_BOUNCED, LATER - DAY))
    assert end_rests(told_desk.database, LATER + 2 * REST) == 0
    assert barred(told_desk) == {"*": "hard_bounce"}
