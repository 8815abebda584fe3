"""A shop whose mails come back, or are called spam, waits with its offers until the merchant lets go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.services import feedback
from app.services.brakes import BOUNCES, COMPLAINTS, WINDOW, Figures, let_go, look_at
from app.services.feedback import follow_all
from app.services.send import Sender, send_due
from connectors.base import Reading
from emails.feedback import Told
from tests.app.desk import START, Desk, an_order
from tests.app.mail_server import Mailbox
from tests.app.services.offers import Box, open_shop, plan, run
from tests.app.services.told_mails import LATER, barred, mails, take, told

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("sent", "bounced", "complained", "brake"),
    [
        (199, 199, 199, None),
        (200, 5, 0, None),
        (200, 6, 0, BOUNCES),
        (1_000, 29, 0, None),
        (1_000, 30, 0, BOUNCES),
        (999, 0, 9, None),
        (1_000, 0, 0, None),
        (1_000, 0, 1, COMPLAINTS),
        (1_300, 0, 1, None),
        (2_500, 0, 2, COMPLAINTS),
        (10_000, 400, 9, COMPLAINTS),
        (0, 0, 0, None),
    ],
)
def test_the_limits(sent: int, bounced: int, complained: int, brake: str | None) -> None:
    assert Figures(sent, bounced, complained).brake() == brake


def state(desk: Desk) -> tuple[str | None, Any, Any]:
    (row,) = desk.rows("SELECT brake, braked_at, brake_freed_at FROM shops WHERE id = :id", id=desk.shop_id)
    return row.brake, row.braked_at, row.brake_freed_at


def come_back(desk: Desk, found: list[int]) -> None:
    for place, mail in enumerate(found):
        desk.rows(
            "UPDATE messages SET recipient = :reader WHERE id = :id RETURNING 1",
            reader=f"reader{place}@example.com",
            id=mail,
        )
    take(desk, *(told(mail, Told.HARD_BOUNCED) for mail in found))


def test_the_sixth_of_two_hundred_pulls_it(desk: Desk) -> None:
    desk.now = LATER + DAY
    found = mails(desk, 200)
    come_back(desk, found[:5])
    assert state(desk)[0] is None
    come_back(desk, found[5:6])
    assert state(desk) == (BOUNCES, desk.now, None)


def test_who_died_before_the_look_leaves_it_to_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.now = LATER + DAY
    found = mails(desk, 200)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(feedback, "look_at", dies)
        come_back(desk, found[:6])
    assert state(desk)[0] is None
    follow_all(desk.database, desk.keys, desk.now, desk.real)
    assert state(desk)[0] == BOUNCES


def test_what_was_refused_at_once_counts_as_well(desk: Desk) -> None:
    desk.now = LATER + DAY
    found = mails(desk, 195)
    mails(desk, 5, state="failed")
    desk.rows("UPDATE messages SET reason = 'recipient_refused' WHERE state = 'failed' RETURNING 1")
    come_back(desk, found[:1])
    assert state(desk)[0] == BOUNCES


def test_one_complaint_of_a_thousand_pulls_it(desk: Desk) -> None:
    desk.now = LATER + DAY
    found = mails(desk, 1_000)
    take(desk, told(found[0], Told.COMPLAINED))
    assert state(desk)[0] == COMPLAINTS


def test_what_left_more_than_a_week_ago_does_not_count(desk: Desk) -> None:
    found = mails(desk, 200)
    desk.now = LATER + WINDOW + timedelta(seconds=1)
    come_back(desk, found[:50])
    assert state(desk)[0] is None


def test_offers_wait_and_all_else_leaves(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    offer = plan(desk, "win_back")
    plan(desk, "shipped"), plan(desk, "care_warranty")
    desk.rows("UPDATE shops SET brake = :why, braked_at = :at RETURNING 1", why=BOUNCES, at=desk.now)
    box = Box()
    assert sorted(run(desk, box)) == ["care_warranty", "shipped"]
    (row,) = desk.rows("SELECT state, reason, next_at FROM messages WHERE id = :id", id=offer)
    assert (row.state, row.reason) == ("due", BOUNCES)
    assert row.next_at > desk.now
    desk.now += timedelta(minutes=1)
    with desk.database.shops(desk.shop_id) as session:
        assert let_go(session, desk.shop_id, desk.now, "Mia")
        assert not let_go(session, desk.shop_id, desk.now, "Mia")
    assert state(desk) == (None, None, desk.now)
    assert run(desk, box) == ["win_back"]


def test_what_came_back_before_the_merchant_mended_it_is_not_held_against_them(desk: Desk) -> None:
    desk.now = LATER + DAY
    found = mails(desk, 200)
    come_back(desk, found[:20])
    with desk.database.shops(desk.shop_id) as session:
        let_go(session, desk.shop_id, desk.now, "Mia")
    assert look_at(desk.database, desk.shop_id, desk.now) is None
    come_back(desk, found[20:40])
    assert state(desk)[0] is None
    (change,) = desk.rows("SELECT who, area FROM admin_changes")
    assert tuple(change) == ("Mia", "brake")
    assert barred(desk, "reader1@example.com") == {"*": "hard_bounce"}


def test_a_mail_server_that_refuses_one_reader_after_the_other_pulls_it(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    mailbox.refused = "mia@example.com"
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    mails(desk, 200, sent_at=START)
    mails(desk, 10, state="failed", sent_at=START)
    desk.rows("UPDATE messages SET reason = 'recipient_refused' WHERE state = 'failed' RETURNING 1")
    with sender.provider.connect() as courier:
        send_due(sender, courier, desk.real + timedelta(seconds=20))
    assert state(desk)[0] == BOUNCES
