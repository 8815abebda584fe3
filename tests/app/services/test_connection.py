"""Connecting, losing the connection, coming back."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Database
from app.services.ack import Door, accept
from app.services.install import Attempt, connect
from app.services.intake import apply_readings, take_in
from app.services.switches import switch_on
from connectors.base import Mark, Reading, Verified
from connectors.registry import connector_for
from flows.commerce import Platform
from tests.app.desk import KEYS, START, Desk, an_order, connect_shop

SHOP = Attempt(Platform.SHOPIFY, "hollow-pine.myshopify.com", "https://hollow-pine.myshopify.com")


def installed(db: Database, at: datetime) -> Desk:
    return Desk(db, connect(db, KEYS, SHOP, {"access_token": "t"}, at, at).shop_id)


def uninstalled(db: Database, triggered_at: datetime | None, key: str) -> None:
    said = Verified("app/uninstalled", key, shop=SHOP.domain, triggered_at=triggered_at)
    accept(db, Door(Platform.SHOPIFY, domain=SHOP.domain), said, b'{"id": 1}', START)
    take_in(db, connector_for, KEYS, START, START)


def state(desk: Desk) -> tuple[str, int]:
    (row,) = desk.rows("SELECT state, generation FROM shops WHERE id = :id", id=desk.shop_id)
    return row.state, row.generation


def test_an_uninstalled_shop_comes_back_as_a_new_generation(db: Database) -> None:
    desk = installed(db, START)
    uninstalled(db, START + timedelta(hours=1), "u1")
    assert state(desk) == ("uninstalled", 1)
    again = installed(db, START + timedelta(hours=2))
    assert again.shop_id == desk.shop_id
    assert state(again) == ("connected", 2)


def test_a_late_message_of_an_old_uninstall_ends_nothing(db: Database) -> None:
    desk = installed(db, START)
    installed(db, START + timedelta(hours=2))
    uninstalled(db, START + timedelta(hours=1), "late")
    assert state(desk) == ("connected", 1)
    assert desk.rows("SELECT shop_id FROM shop_secrets") != []


def test_of_a_removal_that_is_told_after_the_return_nothing_of_before_is_sent(db: Database) -> None:
    """What the merchant and the shoppers did since the return goes on, and is told once."""
    desk = installed(db, START)
    with db.shops(desk.shop_id) as session:
        switch_on(session, desk.shop_id, "order_confirmation", START)
    desk.read(Reading(orders=(an_order(id="old"),)))
    installed(db, START + timedelta(hours=2))
    desk.now = desk.real = START + timedelta(hours=2, minutes=5)
    desk.read(Reading(orders=(an_order(id="new", at=START + timedelta(hours=2, minutes=4)),)))
    uninstalled(db, START + timedelta(hours=1), "late")
    uninstalled(db, START + timedelta(hours=1), "late again")
    desk.read(Reading(orders=(an_order(id="new", at=START + timedelta(hours=2, minutes=5)),)))
    told = desk.rows("SELECT order_id, state, reason FROM messages ORDER BY order_id")
    assert [tuple(row) for row in told] == [("new", "due", None), ("old", "cancelled", "uninstalled")]
    assert state(desk) == ("connected", 1)


def test_connecting_again_schedules_what_a_crash_left_out(db: Database) -> None:
    desk = installed(db, START)
    desk.rows("DELETE FROM polls RETURNING noun")
    installed(db, START)
    nouns = {row.noun for row in desk.rows("SELECT noun FROM polls")}
    assert nouns == {"connection", "catalogue", "customers", "history", "orders", "nightly", "token"}


def test_the_last_word_about_a_connection_counts(db: Database) -> None:
    """A good message is no proof that our key opens the store, but a reason to look."""
    desk = connect_shop(db)
    good, bad = Reading(orders=(an_order(),)), Reading(mark=Mark.NEEDS_RECONNECT)
    for readings, looks in (((good, bad), False), ((bad, good), True)):
        desk.rows("UPDATE polls SET next_at = :later RETURNING 1", later=START + timedelta(minutes=5))
        with db.shops(desk.shop_id) as session:
            apply_readings(session, [(desk.shop_id, one) for one in readings], KEYS, START, START)
        assert state(desk)[0] == "needs_reconnect"
        due = desk.rows("SELECT noun FROM polls WHERE next_at <= :real AND noun <> 'hooks'", real=START)
        assert [row.noun for row in due] == ["orders"] * looks
