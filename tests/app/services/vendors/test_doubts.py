"""A mail in doubt is looked for at a vendor that can be asked; only its yes counts."""

from __future__ import annotations

from typing import cast

import pytest

from app.services.doubts import ask_about_doubts
from app.services.mail_accounts import Wanted, keep_account
from tests.app.desk import Desk
from tests.app.services.vendors.an_outside import buy, later, run, sending_by, states
from tests.emails.providers.battery.api_server import Cuts, Said, Takes
from tests.emails.providers.battery.fakes import PostmarkFake
from tests.emails.providers.battery.vendors import URLS


def test_what_the_vendor_has_was_sent(desk: Desk) -> None:
    with sending_by(desk, "postmark") as (sender, vendor):
        vendor.server.answers += [Takes(cut=True), Cuts()]
        buy(desk, "100", "101")
        run(desk, sender)
        assert [state for state, _ in states(desk)] == ["unknown", "unknown"]
        later(desk, minutes=14)
        assert ask_about_doubts(desk.database, sender, desk.now) == 0, "what it shows may be late"
        later(desk, minutes=2)
        assert ask_about_doubts(desk.database, sender, desk.now) == 1
        assert ask_about_doubts(desk.database, sender, desk.now) == 0
        (named,) = cast(PostmarkFake, vendor.fake).by_metadata.values()
    rows = desk.rows("SELECT state, provider_id, sent_at FROM messages ORDER BY state")
    assert [(row.state, row.provider_id) for row in rows] == [("sent", named), ("unknown", None)]
    assert rows[0].sent_at is not None


def test_of_whom_was_forgotten_the_vendors_number_is_not_kept(desk: Desk) -> None:
    with sending_by(desk, "postmark") as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "100")
        run(desk, sender)
        desk.rows("UPDATE messages SET recipient = NULL, subject = NULL, provider_id = NULL RETURNING id")
        later(desk, minutes=20)
        assert ask_about_doubts(desk.database, sender, desk.now) == 1
    (row,) = desk.rows("SELECT state, provider_id FROM messages")
    assert (row.state, row.provider_id) == ("sent", None)


@pytest.mark.parametrize("name", ["ses", "resend"])
def test_others_are_not_asked(desk: Desk, name: str) -> None:
    with sending_by(desk, name) as (sender, vendor):
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "100")
        run(desk, sender)
        desk.rows("UPDATE messages SET state = 'unknown', may_have_left = false RETURNING id")
        later(desk, minutes=20)
        assert ask_about_doubts(desk.database, sender, desk.now) == 0
        assert len(vendor.server.asked) == 1


def test_a_vendor_that_does_not_answer_is_asked_once(desk: Desk) -> None:
    with sending_by(desk, "postmark") as (sender, vendor):
        vendor.server.answers += [Takes(cut=True)] * 3
        buy(desk, "100", "101", "102")
        run(desk, sender)
        later(desk, minutes=20)
        vendor.server.answers.append(Said(500, b""))
        assert ask_about_doubts(desk.database, sender, desk.now) == 0
        assert len(vendor.server.asked) == 4
        assert ask_about_doubts(desk.database, sender, desk.now) == 3


def test_a_vendor_that_is_slow_holds_nobody_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.doubts.PATIENCE", 0.0)
    with sending_by(desk, "postmark") as (sender, vendor):
        vendor.server.answers += [Takes(cut=True)] * 3
        buy(desk, "100", "101", "102")
        run(desk, sender)
        later(desk, minutes=20)
        monkeypatch.setattr("app.services.doubts.monotonic", iter([0.0, 0.0, 1.0]).__next__)
        assert ask_about_doubts(desk.database, sender, desk.now) == 1
    assert sorted(state for state, _ in states(desk)) == ["sent", "unknown", "unknown"]


def test_a_shops_account_is_asked_about_its_own(desk: Desk) -> None:
    with sending_by(desk, "postmark") as (sender, vendor):
        with desk.database.shops(desk.shop_id) as session:
            wanted = Wanted("postmark", f"{URLS['postmark']}?stream=own", "hello@larkhus.example")
            keep_account(session, desk.keys, desk.shop_id, wanted, desk.now, desk.real)
        vendor.server.answers.append(Takes(cut=True))
        buy(desk, "100")
        run(desk, sender)
        later(desk, minutes=20)
        assert cast(PostmarkFake, vendor.fake).streams == ["own"]
        assert ask_about_doubts(desk.database, sender, desk.now) == 1
    assert states(desk) == [("sent", None)]
