"""A flow's messages to a shop's own tool pass the same ledger as its mails."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.services import ledger
from app.services.audit import audit
from app.services.groups import Unwanted
from app.services.send import Sender
from app.services.webhook_door import (
    BOTH,
    change_secret,
    close_door,
    open_door,
    send_by,
)
from connectors.base import Reading
from flows.commerce import Address
from tests.app.desk import START, Desk, a_parcel
from tests.app.mail_server import Mailbox
from tests.app.sending import mark
from tests.app.services.door.a_door import CONFIRMATION, buy, forbidden, opened, run, states
from tests.app.tool_server import Tool


def test_it_goes_to_the_tool_and_to_no_mailbox(
    desk: Desk, sender: Sender, tool: Tool, mailbox: Mailbox
) -> None:
    secret = opened(desk)
    buy(desk, billing_address=Address(country="DE", phone="+49 30 1"))
    run(desk, sender)
    run(desk, sender)
    (call,) = tool.calls
    assert mailbox.mails == [] and call.is_signed_with(secret)
    (row,) = desk.rows("SELECT * FROM messages")
    assert (row.state, row.channel, row.provider, row.attempts) == ("sent", "webhook", "webhook", 1)
    assert row.provider_id == call.named == f"msg_{row.message_id[1:].partition('@')[0]}"
    told = call.told["data"]
    assert told["to"]["email"] == "p13@example.com" and told["to"]["phone"] == "+49 30 1"
    assert told["subject"] == row.subject and told["order"] == {"id": "13", "number": "13"}
    assert (told["flow"], told["step"], told["class"]) == (CONFIRMATION, "confirmation", "T")
    assert told["unsubscribe_url"] is None


@pytest.mark.parametrize("mail_class", ["S", "M"])
def test_a_yes_to_mails_takes_no_number_along(
    desk: Desk, sender: Sender, tool: Tool, mail_class: str
) -> None:
    opened(desk)
    buy(desk, billing_address=Address(country="DE", phone="+49 30 1"))
    desk.rows("UPDATE messages SET mail_class = :new RETURNING id", new=mail_class)
    run(desk, sender)
    (call,) = tool.calls
    assert call.told["data"]["class"] == mail_class and "+49 30 1" not in str(call.told)
    assert call.told["data"]["to"]["country"] == "DE"


def test_no_mail_is_missed_in_a_record_of_mails(
    desk: Desk, sender: Sender, mailbox: Mailbox, tmp_path: Path
) -> None:
    opened(desk)
    buy(desk, "1")
    run(desk, sender)
    record = tmp_path / "taken.jsonl"
    record.write_text("")
    with desk.database.crossing() as session:
        told = audit(session, record, desk.now)
        assert (told.sent, told.missing) == (1, 0) and told.holds()
        session.execute(text("UPDATE messages SET channel = 'email'"))
        assert audit(session, record, desk.now).missing == 1


def test_other_flows_go_on_by_mail(desk: Desk, sender: Sender, tool: Tool, mailbox: Mailbox) -> None:
    opened(desk, "shipped")
    buy(desk)
    run(desk, sender)
    assert len(mailbox.mails) == 1 and tool.calls == []
    desk.now = START + timedelta(days=1, minutes=5)
    desk.read(Reading(parcels=(a_parcel(),)))
    run(desk, sender)
    assert len(mailbox.mails) == 1
    assert [call.told["data"]["flow"] for call in tool.calls] == ["shipped"]


def test_whom_no_mail_may_reach_is_not_told_of_either(desk: Desk, sender: Sender, tool: Tool) -> None:
    """The guards know no channel."""
    opened(desk)
    buy(desk)
    forbidden(desk, "13")
    run(desk, sender)
    assert tool.calls == [] and states(desk) == [("skipped", "complaint")]


def test_a_row_that_is_cancelled_first_is_not_told(desk: Desk, sender: Sender, tool: Tool) -> None:
    opened(desk)
    buy(desk)
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 9)
    desk.rows("UPDATE messages SET state = 'cancelled' RETURNING id")
    assert not mark(desk, row)


def test_taken_out_its_flows_send_mails_again(
    desk: Desk, sender: Sender, tool: Tool, mailbox: Mailbox
) -> None:
    opened(desk)
    buy(desk, "1")
    with desk.database.shops(desk.shop_id) as session:
        assert close_door(session, desk.shop_id) and not close_door(session, desk.shop_id)
    buy(desk, "2")
    run(desk, sender)
    assert states(desk) == [("skipped", "webhook_off"), ("sent", None)]
    assert len(mailbox.mails) == 1 and tool.calls == []


def test_a_changed_secret_and_the_one_before_for_a_day(desk: Desk, sender: Sender, tool: Tool) -> None:
    old = opened(desk)
    with desk.database.shops(desk.shop_id) as session:
        (new, before) = change_secret(session, desk.shop_id, desk.now, desk.real).secrets(
            desk.keys, desk.real
        )
    assert before == old != new
    buy(desk, "1")
    run(desk, sender)
    desk.real += BOTH
    buy(desk, "2")
    run(desk, sender)
    assert [call.is_signed_with(old) for call in tool.calls] == [True, False]
    assert all(call.is_signed_with(new) for call in tool.calls)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://tool.example",
        "https://10.0.0.1/x",
        "https://localhost/",
        "https://x.example:99/",
        "x" * 501,
    ],
)
def test_an_address_that_may_not_be_called(desk: Desk, url: str) -> None:
    with pytest.raises(Unwanted), desk.database.shops(desk.shop_id) as session:
        open_door(session, desk.shop_id, url, desk.now)
    with pytest.raises(Unwanted), desk.database.shops(desk.shop_id) as session:
        send_by(session, desk.shop_id, CONFIRMATION, "webhook", desk.now)
