"""A mail that its vendor may have taken: told again where that cannot double, else in doubt for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.services import ledger
from app.services.feedback import follow_all, take_events
from app.services.outcomes import record_failure
from app.services.ways_out import FORGOTTEN_KEY
from emails.feedback import Feedback, Told
from emails.providers.base import Repeats, SendFailed
from tests.app.desk import Desk
from tests.app.sending import mark
from tests.app.services.vendors.an_outside import buy, later, recipients, run, sending_by, states
from tests.emails.providers.battery.api_server import Said, Takes
from tests.emails.providers.battery.fakes import ResendFake


def test_who_knows_keys_is_told_again_and_takes_it_once(desk: Desk) -> None:
    with sending_by(desk, "resend") as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "13")
        run(desk, sender)
        assert states(desk) == [("due", "answer_lost")]
        later(desk, minutes=5)
        run(desk, sender)
        assert recipients(vendor) == ["p13"] and len(vendor.server.asked) == 2
        keys = {asked.headers["idempotency-key"] for asked in vendor.server.asked}
        bodies = {asked.body for asked in vendor.server.asked}
    (row,) = desk.rows("SELECT * FROM messages")
    assert (row.state, row.attempts, row.provider) == ("sent", 2, "resend")
    assert len(keys) == len(bodies) == 1 and keys == {row.message_id.strip("<>")}


@pytest.mark.parametrize("name", ["ses", "postmark"])
def test_who_knows_none_is_not_told_again(desk: Desk, name: str) -> None:
    with sending_by(desk, name) as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "13")
        run(desk, sender)
        assert states(desk) == [("unknown", "answer_lost")]
        later(desk, hours=1)
        run(desk, sender)
        assert len(vendor.server.asked) == 1


@pytest.mark.parametrize(("hours", "told"), [(19.8, 2), (20, 1)])
def test_a_key_is_forgotten_after_a_day(desk: Desk, hours: float, told: int) -> None:
    with sending_by(desk, "resend") as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "13")
        run(desk, sender)
        earlier = desk.real + timedelta(minutes=5) - timedelta(hours=hours)
        desk.rows("UPDATE messages SET first_try_at = :earlier RETURNING id", earlier=earlier)
        later(desk, minutes=5)
        run(desk, sender)
        assert len(vendor.server.asked) == told
    assert states(desk) == [("sent", None) if told == 2 else ("unknown", FORGOTTEN_KEY)]


def test_another_account_would_not_know_it(desk: Desk) -> None:
    with sending_by(desk, "resend") as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "13")
        run(desk, sender)
        later(desk, minutes=5)
        run(desk, replace(sender, account="another"))
        assert len(vendor.server.asked) == 1
    assert states(desk) == [("unknown", FORGOTTEN_KEY)]


def test_a_mail_that_may_have_left_is_never_said_to_have_been_held_back(desk: Desk) -> None:
    with sending_by(desk, "resend") as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "13")
        run(desk, sender)
        desk.rows("UPDATE messages SET state = 'cancelled', reason = 'order_cancelled' RETURNING id")
    assert states(desk) == [("unknown", "withdrawn_too_late")]


@pytest.mark.parametrize(
    ("provider", "state"), [("resend", "due"), ("ses", "unknown"), ("postmark", "unknown")]
)
def test_what_was_under_way_when_we_died(desk: Desk, provider: str, state: str) -> None:
    buy(desk, "13")
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 10)
    assert mark(desk, row, provider=provider, account="ours", real=desk.real)
    ledger.lapse(desk.database, desk.now, desk.real + ledger.LEASE + timedelta(seconds=1))
    (found,) = desk.rows("SELECT state, may_have_left, account FROM messages")
    assert (found.state, found.may_have_left) == (state, state == "due")


def test_what_was_under_way_for_a_day_is_in_doubt(desk: Desk) -> None:
    buy(desk, "13")
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 10)
    assert mark(desk, row, provider="resend", account="ours", real=desk.real)
    ledger.lapse(desk.database, desk.now, desk.real + timedelta(hours=20))
    assert states(desk) == [("unknown", "died_after_hand_over")]


def test_what_became_of_it_is_heard_though_no_message_id_is_told(desk: Desk) -> None:
    """The vendor may have put its own over ours, and tells before we know its number."""
    with sending_by(desk, "resend") as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "13")
        run(desk, sender)
        assert isinstance(vendor.fake, ResendFake)
        ((_, number),) = vendor.fake.known.values()
        told = Feedback("k", Told.DELIVERED, desk.now, provider_id=number)
        assert take_events(desk.database, desk.keys, "resend", [told], desk.now).early == 1
        later(desk, minutes=5)
        run(desk, sender)
        assert follow_all(desk.database, desk.keys, desk.now, desk.real) == 1
    (row,) = desk.rows("SELECT state, provider_id, delivery FROM messages")
    assert (row.state, row.provider_id, row.delivery) == ("sent", number, "delivered")


@pytest.mark.parametrize("broke_off", [True, False], ids=["no answer", "we died"])
def test_what_is_told_before_the_doubt_comes_is_not_tried_again(desk: Desk, broke_off: bool) -> None:
    """Whichever comes first, it is sent; else what becomes of its order meanwhile would call it held back."""
    buy(desk, "13")
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 1)
    assert mark(desk, row, provider="resend", account="ours", real=desk.real)
    (sending,) = desk.rows("SELECT message_id FROM messages")
    told = Feedback("k", Told.DELIVERED, desk.now, message_id=sending.message_id)
    take_events(desk.database, desk.keys, "resend", [told], desk.now)
    if broke_off:
        lost = SendFailed("answer_lost", handed_over=True)
        record_failure(desk.database, row, lost, desk.now, Repeats.IDEMPOTENT)
    else:
        ledger.lapse(desk.database, desk.now, desk.real + timedelta(hours=1))
    assert states(desk) == [("sent", None)]


def test_tries_in_between_make_no_key_younger(desk: Desk) -> None:
    """It counts from the first one that may have been taken."""
    with sending_by(desk, "resend") as (sender, vendor):
        vendor.server.answers += [Takes(cut=True), Said(503, b""), Said(503, b"")]
        buy(desk, "13")
        run(desk, sender)
        for _ in range(2):
            later(desk, minutes=10)
            run(desk, sender)
        assert len(vendor.server.asked) == 3
        later(desk, minutes=16)
        desk.rows("UPDATE messages SET first_try_at = first_try_at - interval '19.5 hours' RETURNING id")
        run(desk, sender)
        assert len(vendor.server.asked) == 3
    assert states(desk) == [("unknown", FORGOTTEN_KEY)]
