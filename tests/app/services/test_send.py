"""The ledger and a real mail server: each mail once, and every failure where it belongs."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast

import pytest

from app.services import ledger
from app.services.connection import close_generation
from app.services.locks import lock_shop
from app.services.send import Sender, send_due
from app.services.switches import end_switched_off, switch_off, switch_on
from app.services.unsubscribe import unsubscribe
from connectors.base import Reading
from flows.commerce import ParcelStatus, Shipped
from flows.guards import UNDO
from tests.app.desk import START, Desk, a_parcel, an_order
from tests.app.mail_server import Mailbox
from tests.app.sending import mark


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in desk.rows("SELECT state, reason FROM messages ORDER BY id")]


def run(desk: Desk, sender: Sender, mailbox: Mailbox) -> int:
    """How many mails the server took."""
    before = len(mailbox.mails)
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass
    return len(mailbox.mails) - before


def test_a_mail_leaves_once(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    assert run(desk, sender, mailbox) == 1
    assert run(desk, sender, mailbox) == 0
    (mail,) = mailbox.mails
    assert mail["To"] == "mia@example.com"
    assert mail["X-Doorstep-Flow"] == "order_confirmation"
    assert states(desk) == [("sent", None)]


def test_the_message_id_is_the_rows_own(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, sender, mailbox)
    (row,) = desk.rows("SELECT * FROM messages")
    assert mailbox.mails[0]["Message-ID"] == row.message_id
    assert row.message_id == desk.keys.message_id(desk.shop_id, row.id, "mail.example")


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 no such user", "failed"), ("451 try later", "due"), ("250 OK", "sent")],
)
def test_what_the_server_answers_decides(
    desk: Desk, sender: Sender, mailbox: Mailbox, answer: str, state: str
) -> None:
    mailbox.answer = answer
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, sender, mailbox)
    assert states(desk)[0][0] == state


def test_a_mailbox_that_does_not_exist_gets_no_further_mail(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    mailbox.refused = "mia@example.com"
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, sender, mailbox)
    desk.read(Reading(orders=(an_order(id="14", number="14"),)))
    run(desk, sender, mailbox)
    assert states(desk) == [("failed", "recipient_refused"), ("skipped", "hard_bounce")]


def test_a_put_back_mail_is_tried_again_later(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    mailbox.answer = "451 try later"
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, sender, mailbox)
    mailbox.answer = "250 OK"
    assert run(desk, sender, mailbox) == 0, "not before its pause is over"
    desk.now += timedelta(minutes=5)
    assert run(desk, sender, mailbox) == 1


def test_a_mail_is_not_sent_after_its_time(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.now = START + timedelta(hours=13)
    assert run(desk, sender, mailbox) == 0
    assert states(desk) == [("expired", "expired")]
    assert mailbox.mails == []


def test_a_claimed_mail_that_is_cancelled_is_not_sent(desk: Desk, sender: Sender) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 10)
    desk.rows("UPDATE messages SET state = 'cancelled' RETURNING id")
    assert not mark(desk, row)


def test_a_stale_holder_cannot_mark(desk: Desk) -> None:
    """A process that slept through its lease finds its token outdated."""
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    (slow,) = ledger.claim(desk.database, desk.now, desk.real, 10)
    late = desk.real + ledger.LEASE + timedelta(seconds=1)
    assert ledger.lapse(desk.database, desk.now, late) == (1, 0)
    (quick,) = ledger.claim(desk.database, desk.now, late, 10)
    assert not mark(desk, slow)
    assert mark(desk, quick)


def test_who_died_while_sending_leaves_an_unknown(desk: Desk) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 10)
    mark(desk, row)
    late = desk.real + ledger.LEASE + timedelta(seconds=1)
    assert ledger.lapse(desk.database, desk.now, late) == (0, 1)
    assert ledger.claim(desk.database, desk.now + timedelta(days=1), late, 10) == []
    assert states(desk) == [("unknown", "died_after_hand_over")]


def delivered(desk: Desk) -> None:
    at = START + timedelta(days=2)
    desk.now = at
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=at, at=at)
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))


def test_unsubscribing_cancels_what_is_open(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    from app.services.wake import wake_due

    delivered(desk)
    desk.now = START + timedelta(days=13)
    wake_due(desk.database, desk.keys, desk.now)
    (ask,) = desk.rows("SELECT * FROM messages WHERE flow_key = 'review_request'")
    hashed = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    unsubscribe(desk.database, desk.shop_id, ask.id, "S", hashed, desk.now)
    run(desk, sender, mailbox)
    (ask,) = desk.rows("SELECT * FROM messages WHERE flow_key = 'review_request'")
    (journey,) = desk.rows("SELECT * FROM journeys WHERE flow_key = 'review_request'")
    assert (ask.state, journey.status, journey.end_reason) == ("cancelled", "ended", "Unsubscribed")
    assert all(mail["X-Doorstep-Flow"] != "review_request" for mail in mailbox.mails)


def test_a_claimed_mail_stays_though_the_shop_is_locked_by_others(desk: Desk) -> None:
    """The opt-out counts from its own commit, not from when the shop's lock comes free."""
    from app.services.wake import wake_due

    delivered(desk)
    desk.now = START + timedelta(days=13)
    wake_due(desk.database, desk.keys, desk.now)
    claimed = ledger.claim(desk.database, desk.now, desk.real, 10)
    (ask,) = [row for row in claimed if row.flow_key == "review_request"]
    hashed = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    leaving = threading.Thread(
        target=unsubscribe, args=(desk.database, desk.shop_id, ask.id, "S", hashed, desk.now)
    )
    with desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        leaving.start()
        committed = time.monotonic() + 10
        while not desk.rows("SELECT * FROM suppressions") and time.monotonic() < committed:
            time.sleep(0.01)
        told: dict[str, Any] = {
            "recipient": "mia@example.com",
            "subject": "s",
            "message_id": "m",
            "provider": "p",
        }
        marked = ledger.mark(desk.database, ask, desk.now, **told, reasons=())
        assert leaving.is_alive(), "it waits for the lock with the rest"
    leaving.join()
    assert not marked
    (journey,) = desk.rows("SELECT * FROM journeys WHERE flow_key = 'review_request'")
    assert journey.end_reason == "Unsubscribed"


def test_the_way_out_leads_to_us_whatever_becomes_of_the_store(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    from app.services.wake import wake_due

    delivered(desk)
    desk.rows(
        "UPDATE shops SET url = 'https://larkhus.example', pages_prefix = '/apps/doorstep' RETURNING id"
    )
    desk.now = START + timedelta(days=13)
    wake_due(desk.database, desk.keys, desk.now)
    run(desk, sender, mailbox)
    (ask,) = [mail for mail in mailbox.mails if mail["X-Doorstep-Flow"] == "review_request"]
    for part in ask.iter_parts():
        written = cast(EmailMessage, part).get_content()
        assert "http://127.0.0.1:8000/u/" in written
        assert "/apps/doorstep/u/" not in written


def test_switching_off_holds_and_then_ends(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "order_confirmation", desk.now)
    assert run(desk, sender, mailbox) == 0
    with desk.database.shops(desk.shop_id) as session:
        switch_on(session, desk.shop_id, "order_confirmation", desk.now + timedelta(seconds=5))
    desk.now += UNDO
    assert run(desk, sender, mailbox) == 1, "an undo loses nothing"
    desk.read(Reading(orders=(an_order(id="14", number="14"),)))
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "order_confirmation", desk.now)
    assert end_switched_off(desk.database, desk.now + UNDO) == 1
    assert states(desk)[1] == ("cancelled", "flow_off")
    desk.now += UNDO + timedelta(minutes=1)
    assert run(desk, sender, mailbox) == 0


def test_an_uninstalled_shop_sends_nothing(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    with desk.database.shops(desk.shop_id) as session:
        close_generation(session, desk.shop_id, desk.now)
    assert run(desk, sender, mailbox) == 0
    assert states(desk) == [("cancelled", "uninstalled")]
    assert mailbox.mails == []


def test_a_mail_claimed_within_the_undo_waits_for_it(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    """The switch goes off between the claim and the last look."""
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "order_confirmation", desk.now)
    desk.rows("UPDATE messages SET next_at = due_at RETURNING id")
    assert run(desk, sender, mailbox) == 0
    assert states(desk) == [("due", "flow_off")]


def test_an_order_of_the_second_of_the_switch_counts(desk: Desk) -> None:
    desk.rows("UPDATE flow_switches SET since = since + interval '0.7 seconds' RETURNING flow_key")
    reaction = desk.read(Reading(orders=(an_order(at=START),)))
    assert reaction.messages == 1
