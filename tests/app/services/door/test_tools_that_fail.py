"""A tool that fails, is slow, breaks off or is gone: tried again, waited for, and given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.services import ledger
from app.services.send import Sender
from app.services.tool_calls import PATIENCE as PATIENCE_OF_A_BATCH
from app.services.tool_calls import SOON
from app.services.webhook_door import (
    PATIENCE,
)
from connectors.base import Reading
from flows.commerce import OrderState
from tests.app.desk import START, Desk, an_order
from tests.app.mail_server import Mailbox
from tests.app.services.door.a_door import buy, door, forbidden, opened, run, states
from tests.app.tool_server import ORIGIN, Tool
from wire.http import HttpClient


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
