"""One row that cannot be worked on delays itself, and nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

from app.db import Database
from app.services.ack import Door, accept
from app.services.due_rows import LATER
from app.services.intake import take_in
from app.services.send import Sender
from app.services.wake import wake_due
from connectors.base import Reading, Verified
from connectors.registry import connector_for
from flows.commerce import ParcelStatus, Platform, Shipped
from tests.app.desk import KEYS, START, Desk, a_parcel, an_order, connect_shop
from tests.app.mail_server import Mailbox
from tests.app.services.test_send import run
from tests.app.web.conftest import recording


def spoil(desk: Desk) -> None:
    """As after a rollback to a program that does not know a newer word."""
    desk.rows("UPDATE orders SET body = jsonb_set(body, '{state}', '\"archived\"') RETURNING id")


def delivered(desk: Desk) -> None:
    desk.now = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=desk.now, at=desk.now)
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))


def test_a_journey_that_cannot_be_woken(db: Database) -> None:
    bad, good = connect_shop(db, "bad.example"), connect_shop(db, "good.example")
    for desk in (bad, good):
        delivered(desk)
    spoil(bad)
    later = START + timedelta(days=13)
    wake_due(db, KEYS, later)
    asked = "SELECT step FROM messages WHERE flow_key = 'review_request'"
    assert [row.step for row in good.rows(asked)] == ["ask"]
    assert bad.rows(asked) == []
    (timer, *_) = bad.rows("SELECT due_at, error FROM timers WHERE due_at <= :by", by=later + LATER)
    assert (timer.due_at, timer.error) == (later + LATER, "ValueError")
    bad.rows("UPDATE orders SET body = jsonb_set(body, '{state}', '\"open\"') RETURNING id")
    wake_due(db, KEYS, later + LATER)
    assert [row.step for row in bad.rows(asked)] == ["ask"]
    assert [row for row in bad.rows("SELECT error FROM timers") if row.error] == []


def test_a_mail_whose_facts_cannot_be_read(
    db: Database, desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    bad = connect_shop(db, "bad.example")
    desk.now = START + timedelta(minutes=2)
    for one in (bad, desk):
        one.read(Reading(orders=(an_order(),)))
    spoil(bad)
    assert run(desk, sender, mailbox) == 1
    (row,) = bad.rows("SELECT state, attempts, reason FROM messages")
    assert (row.state, row.attempts) == ("due", 1)
    assert row.reason.startswith("not_written: ")
    for _ in range(5):
        desk.now += timedelta(hours=1)
        run(desk, sender, mailbox)
    (row,) = bad.rows("SELECT state, attempts FROM messages")
    assert (row.state, row.attempts) == ("failed", 5)


def test_letters_that_look_like_a_nul(db: Database) -> None:
    desk = connect_shop(db)
    name = "\\u0000 and \x00 and \\\\u0000"
    desk.read(Reading(orders=(an_order(first_name=name),)))
    (row,) = desk.rows("SELECT body->>'first_name' AS name FROM orders")
    assert row.name == "\\u0000 and  and \\\\u0000"


def test_a_busy_shop_does_not_keep_a_quiet_one_waiting(db: Database) -> None:
    busy, quiet = connect_shop(db, "busy.example"), connect_shop(db, "quiet.example")
    body = json.loads(recording("order.created.paid"))
    for number in range(40):
        put(db, busy, {**body, "id": 1000 + number}, f"b{number}")
    put(db, quiet, body, "q")
    take_in(db, connector_for, KEYS, START, START)
    assert len(quiet.rows("SELECT id FROM orders")) == 1


def put(db: Database, desk: Desk, body: object, key: str) -> None:
    (shop,) = desk.rows("SELECT domain FROM shops WHERE id = :id", id=desk.shop_id)
    door = Door(Platform.WOOCOMMERCE, domain=shop.domain)
    accept(db, door, Verified("order.created", key), json.dumps(body).encode(), START)
