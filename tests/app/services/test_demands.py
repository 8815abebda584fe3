"""Demands by law come in, also for shops that have left; one that fails is tried again, naming nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.cli import inbox as inbox_command
from app.db import Database
from app.queries.privacy import open_demands
from app.services.ack import Door, accept
from app.services.connection import close_generation
from app.services.install import Attempt, connect
from app.services.intake import take_in
from app.services.privacy import in_short, run_request
from connectors.base import Delivery
from connectors.registry import connector_for
from connectors.shopify.webhooks import COMPLIANCE, HEADERS, sign_webhook, verify_webhook
from flows.commerce import Platform
from tests.app.desk import KEYS, START, Desk

SHOP, SECRET = "hollow-pine.myshopify.com", "shpss_" + "1" * 32


@pytest.fixture
def shop(db: Database) -> Desk:
    attempt = Attempt(Platform.SHOPIFY, SHOP, f"https://{SHOP}")
    return Desk(db, connect(db, KEYS, attempt, {"access_token": "t"}, START, START).shop_id)


def left(shop: Desk) -> None:
    with shop.database.shops(shop.shop_id) as session:
        close_generation(session, shop.shop_id, START)


def tell(db: Database, topic: str, body: Any, number: str = "1", domain: str = SHOP) -> str:
    raw = body if isinstance(body, bytes) else json.dumps({"shop_domain": domain, **body}).encode()
    headers = {HEADERS["topic"]: topic, HEADERS["shop"]: domain, HEADERS["delivery"]: number}
    told = {name.lower(): value for name, value in {**headers, **sign_webhook(raw, SECRET)}.items()}
    verified = verify_webhook(Delivery(told, raw), (SECRET,))
    outcome = accept(db, Door(Platform.SHOPIFY, domain=verified.shop), verified, raw, START)
    while take_in(db, connector_for, KEYS, START, START):
        pass
    return outcome


PERSON = {"customer": {"id": 191167, "email": "john@example.com"}, "orders_to_redact": [1]}


@pytest.mark.parametrize("topic", COMPLIANCE)
def test_they_are_heard_from_a_shop_that_has_left(shop: Desk, topic: str) -> None:
    left(shop)
    assert tell(shop.database, "orders/create", {"id": 1}) == "unknown_shop"
    assert tell(shop.database, topic, PERSON) == "stored"
    assert tell(shop.database, topic, PERSON) == "duplicate"
    assert len(shop.rows("SELECT 1 FROM privacy_requests")) == 1
    while run_request(shop.database, KEYS, START, START):
        pass
    (row,) = shop.rows("SELECT done_at, error, body FROM privacy_requests")
    assert (row.done_at, row.error, row.body) == (START, None, {})
    assert not shop.rows("SELECT 1 FROM inbox WHERE body <> '' AND topic <> 'customers/data_request'")


@pytest.mark.parametrize("topic", COMPLIANCE)
def test_of_a_shop_that_nobody_knows_there_is_nothing_to_forget(db: Database, topic: str) -> None:
    assert tell(db, topic, PERSON) == "unknown_shop"


def test_a_repeated_demand_is_met_once_and_a_new_one_again(shop: Desk) -> None:
    tell(shop.database, "customers/redact", PERSON, "1")
    tell(shop.database, "customers/redact", PERSON, "2")
    assert len(shop.rows("SELECT 1 FROM privacy_requests")) == 1
    while run_request(shop.database, KEYS, START, START):
        pass
    tell(shop.database, "customers/redact", PERSON, "3")
    rows = shop.rows("SELECT done_at FROM privacy_requests ORDER BY id")
    assert [row.done_at for row in rows] == [START, None]


def test_one_that_fails_is_tried_again_later_and_tells_on_nobody(shop: Desk) -> None:
    tell(shop.database, "customers/redact", PERSON)
    shop.rows("UPDATE shops SET problem = problem WHERE id = :id RETURNING 1", id=shop.shop_id)
    with shop.database.shops(shop.shop_id) as session:
        from sqlalchemy import text

        # A row that none of our types can read.
        session.execute(
            text(
                "INSERT INTO orders (shop_id, id, version, number, email, placed_at, body)"
                " VALUES (:shop, '1', :at, '1', 'john@example.com', :at, '{\"id\": \"1\"}')"
            ),
            {"shop": shop.shop_id, "at": START},
        )
    at = START
    for attempt, pause in ((1, 1), (2, 2), (3, 4)):
        assert run_request(shop.database, KEYS, at, at)
        (row,) = shop.rows("SELECT * FROM privacy_requests")
        assert (row.done_at, row.error, row.attempts) == (None, "KeyError", attempt)
        assert row.next_at == at + timedelta(minutes=pause)
        assert not run_request(shop.database, KEYS, at, at)
        at = row.next_at
    with shop.database.crossing() as session:
        found = open_demands(session, START + timedelta(days=31), COMPLIANCE)
    assert (found.open, found.failing, found.overdue) == (1, 1, 1)
    shop.rows("DELETE FROM orders RETURNING 1")
    assert run_request(shop.database, KEYS, at, at)
    (row,) = shop.rows("SELECT done_at, error FROM privacy_requests")
    assert (row.done_at, row.error) == (at, None)


def test_what_the_database_says_is_kept_without_its_values(shop: Desk) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    with shop.database.shops(shop.shop_id) as session, pytest.raises(DBAPIError) as caught:
        session.execute(text("SELECT CAST(:who AS integer)"), {"who": "john@example.com"})
    told = in_short(caught.value)
    assert told == "DataError: InvalidTextRepresentation 22P02"
    assert "john@example.com" in str(caught.value)


def test_what_was_set_aside_gets_another_chance(shop: Desk) -> None:
    tell(shop.database, "orders/create", b"{", "1")
    tell(shop.database, "orders/create", b"{", "2")
    ids = [row.id for row in shop.rows("SELECT id FROM inbox WHERE state = 'quarantined' ORDER BY id")]
    assert len(ids) == 2
    lines = inbox_command.set_aside(shop.database)
    assert len(lines) == 2 and SHOP in lines[0] and "orders/create" in lines[0]
    assert inbox_command.requeue(shop.database, (ids[0],)) == 1
    rows = shop.rows("SELECT state, error, attempts FROM inbox ORDER BY id")
    assert [(row.state, row.attempts) for row in rows] == [("new", 0), ("quarantined", 0)]
    assert inbox_command.requeue(shop.database) == 1
    while take_in(shop.database, connector_for, KEYS, START, START):
        pass
    assert {row.state for row in shop.rows("SELECT state FROM inbox")} == {"quarantined"}
    left(shop)
    assert inbox_command.requeue(shop.database) == 0


@pytest.mark.parametrize("topic", COMPLIANCE)
def test_a_demand_that_could_not_be_read_is_not_lost_with_its_shop(shop: Desk, topic: str) -> None:
    """The law asks for it whether or not the shop has left, so the operator is told and can have it read."""
    left(shop)
    tell(shop.database, topic, b"{")
    with shop.database.crossing() as session:
        found = open_demands(session, START, COMPLIANCE)
    assert (found.open, found.set_aside) == (0, 1)
    assert inbox_command.requeue(shop.database) == 1
