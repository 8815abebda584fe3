"""A flow's messages to a shop's own tool pass the same ledger as its mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.models.permission import ALL_CLASSES
from app.services import ledger
from app.services.audit import audit
from app.services.groups import Unwanted
from app.services.send import Sender, send_due
from app.services.unsubscribe import suppress
from app.services.ways_out import PATIENCE as PATIENCE_OF_A_BATCH
from app.services.ways_out import SOON
from app.services.webhook_door import (
    BOTH,
    PATIENCE,
    change_secret,
    close_door,
    load_doors,
    open_door,
    send_by,
)
from connectors.base import Reading
from flows.commerce import Address, OrderState
from tests.app.desk import START, Desk, a_parcel, an_order
from tests.app.mail_server import Mailbox
from tests.app.tool_server import ORIGIN, Tool, a_tool
from wire.http import HttpClient

CONFIRMATION = "order_confirmation"


@pytest.fixture
def tool() -> Iterator[Tool]:
    with a_tool() as running:
        yield running


@pytest.fixture
def sender(sender: Sender, tool: Tool) -> Sender:
    return replace(sender, http=HttpClient(tool.origins))


def opened(desk: Desk, *flows: str, url: str = f"{ORIGIN}/messages") -> str:
    """The secret."""
    with desk.database.shops(desk.shop_id) as session:
        door, _ = open_door(session, desk.shop_id, url, desk.now)
        for flow in flows or (CONFIRMATION,):
            send_by(session, desk.shop_id, flow, "webhook", desk.now)
        return door.secrets(desk.keys, desk.real)[0]


def buy(desk: Desk, *numbers: str, **changes: Any) -> None:
    desk.now = max(desk.now, START + timedelta(minutes=2))
    orders = [an_order(id=n, number=n, email=f"p{n}@example.com", **changes) for n in numbers or ("13",)]
    desk.read(Reading(orders=tuple(orders)))


def run(desk: Desk, sender: Sender) -> None:
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in desk.rows("SELECT state, reason FROM messages ORDER BY id")]


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


def test_a_failure_is_tried_again_under_the_same_id(desk: Desk, sender: Sender, tool: Tool) -> None:
    opened(desk)
    buy(desk)
    tool.status = 500
    run(desk, sender)
    assert states(desk) == [("due", "webhook_refused")]
    tool.status = 200
    run(desk, sender)
    assert len(tool.calls) == 1, "not before its time"
    desk.now += timedelta(minutes=1)
    run(desk, sender)
    assert states(desk)[0][0] == "sent"
    assert len({call.named for call in tool.calls}) == 1 and len(tool.calls) == 2


def test_who_dies_in_between_tells_again(desk: Desk, sender: Sender, tool: Tool) -> None:
    """Of a mail nobody knows whether it left; a tool drops what it has heard."""
    opened(desk)
    buy(desk)
    desk.rows(
        "UPDATE messages SET state = 'sending', lease_until = :past, message_id = '<x@y>' RETURNING id",
        past=desk.real - timedelta(seconds=1),
    )
    assert ledger.lapse(desk.database, desk.now, desk.real) == (1, 0)
    run(desk, sender)
    assert states(desk) == [("sent", None)] and len(tool.calls) == 1


def test_what_a_tool_may_have_told_is_never_said_to_be_held_back(
    desk: Desk, sender: Sender, tool: Tool
) -> None:
    """Whatever forbids it by then: a guard, or what withdraws it with its journey."""
    opened(desk)
    buy(desk, "1", "2", "3")
    desk.rows(
        "UPDATE messages SET state = CASE order_id WHEN '3' THEN 'claimed' ELSE 'sending' END,"
        " lease_until = :past, recipient = 'p@example.com' RETURNING id",
        past=desk.real - timedelta(seconds=1),
    )
    ledger.lapse(desk.database, desk.now, desk.real)
    over = {"version": desk.now, "state": OrderState.CANCELLED, "cancelled_at": desk.now}
    desk.read(Reading(orders=(an_order(id="2", number="2", email="p2@example.com", **over),)))
    for number in ("1", "3"):
        forbidden(desk, number)
    run(desk, sender)
    doubt = ("unknown", "withdrawn_too_late")
    assert tool.calls == [] and states(desk) == [doubt, doubt, ("skipped", "complaint")]


@pytest.mark.parametrize(("reached", "ends"), [(True, "unknown"), (False, "skipped")])
def test_a_call_that_broke_off_may_have_been_heard(
    desk: Desk, sender: Sender, tool: Tool, reached: bool, ends: str
) -> None:
    opened(desk)
    buy(desk)
    tool.breaks_off = True
    run(desk, sender if reached else replace(sender, http=HttpClient({ORIGIN: "http://127.0.0.1:1"})))
    assert states(desk) == [("due", "webhook_unreachable")]
    forbidden(desk, "13")
    desk.now += timedelta(minutes=1)
    run(desk, sender)
    assert [state for state, _ in states(desk)] == [ends]


def forbidden(desk: Desk, number: str) -> None:
    hashed = desk.keys.address_hash(desk.shop_id, f"p{number}@example.com")
    suppress(desk.database, desk.shop_id, hashed, ALL_CLASSES, "complaint", desk.now)


def test_a_tool_that_fails_holds_up_no_mail_and_is_not_asked_on_and_on(
    desk: Desk, sender: Sender, tool: Tool, mailbox: Mailbox
) -> None:
    buy(desk, "1")
    opened(desk)
    buy(desk, "2", "3", "4")
    tool.status = 503
    run(desk, sender)
    assert len(mailbox.mails) == 1 and len(tool.calls) == 1
    assert states(desk)[1:] == [("due", "webhook_refused"), *[("due", "webhook_waits")] * 2]


def test_a_tool_that_is_slow_holds_up_nobody_s_mails(
    desk: Desk, sender: Sender, tool: Tool, mailbox: Mailbox
) -> None:
    """One call is let through, then the mails of the batch to come are first again."""
    opened(desk)
    buy(desk, "1", "2", "3")
    tool.hangs = PATIENCE_OF_A_BATCH + 0.1
    run(desk, sender)
    assert len(tool.calls) == 1
    assert states(desk) == [("sent", None), *[("due", "webhook_waits")] * 2]
    tool.hangs = 0.0
    desk.now += SOON
    run(desk, sender)
    assert [state for state, _ in states(desk)] == ["sent"] * 3, "it waits for seconds, not for minutes"


def test_after_days_of_failure_it_is_called_no_more(desk: Desk, sender: Sender, tool: Tool) -> None:
    opened(desk)
    tool.status = 500
    for days in (timedelta(0), PATIENCE - timedelta(hours=1)):
        desk.now = desk.real = START + days
        buy(desk, f"1{days.days}", at=desk.now)
        run(desk, sender)
        assert door(desk).stopped_at is None, days
    desk.now = desk.real = START + PATIENCE + timedelta(minutes=5)
    buy(desk, "20", "21", at=desk.now)
    run(desk, sender)
    assert door(desk).stopped_at == desk.now and door(desk).last_error == "webhook_refused: 500"
    called = len(tool.calls)
    desk.now = desk.real = desk.now + timedelta(minutes=10)
    buy(desk, "30", at=desk.now)
    run(desk, sender)
    assert len(tool.calls) == called
    assert states(desk)[-1] == ("skipped", "webhook_off")
    tool.status = 200
    opened(desk)
    buy(desk, "40", at=desk.now)
    run(desk, sender)
    assert len(tool.calls) == called + 1 and states(desk)[-1] == ("sent", None)


def test_an_answer_ends_the_count_of_days(desk: Desk, sender: Sender, tool: Tool) -> None:
    opened(desk)
    tool.status = 500
    buy(desk, "1")
    run(desk, sender)
    assert door(desk).failing_since == desk.now
    tool.status = 200
    desk.now += timedelta(minutes=1)
    run(desk, sender)
    assert (door(desk).failing_since, door(desk).last_error) == (None, None)


def test_gone_is_gone_at_once(desk: Desk, sender: Sender, tool: Tool) -> None:
    opened(desk)
    tool.status = 410
    buy(desk)
    run(desk, sender)
    assert door(desk).stopped_at == desk.now


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
    assert not ledger.mark(
        desk.database,
        row,
        desk.now,
        recipient="r",
        subject="s",
        message_id="m",
        provider="webhook",
        reasons=(),
    )


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


def door(desk: Desk) -> Any:
    with desk.database.shops(desk.shop_id) as session:
        return load_doors(session, [desk.shop_id])[desk.shop_id]
