"""A paused shop: what falls due is put away, other shops go on, and everything comes back once, in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.db import Database
from app.models.shop import PARKED
from app.queries.home import next_rows
from app.queries.waiting import next_moments, whats_waiting
from app.services import ledger
from app.services.connection import (
    close_generation,
    look_whether_open,
    mark_needs_reconnect,
    note_failure,
    note_success,
)
from app.services.heal import run_poll
from app.services.install import Attempt, connect
from app.services.look import look_due
from app.services.pauses import pause, put_away_mails, resume
from app.services.polls import CATALOGUE, ORDERS
from app.services.send import Sender, send_due
from app.services.store_writes import owe
from app.services.stores import Stores
from app.services.wake import wake_due
from connectors.base import AccessLost, Connector, Page, Reading, Store, StoreFrozen, StoreUnreachable
from connectors.shopify.keys import AppKeys
from connectors.writes import SetRating
from flows.commerce import ParcelStatus, Platform, Shipped
from tests.app.desk import FIRST_FLOWS, KEYS, START, Desk, a_parcel, an_order, connect_shop
from tests.app.mail_server import Mailbox
from tests.app.sending import mark
from tests.app.services.statements import counted
from wire.http import HttpClient

SHOPIFY = Attempt(Platform.SHOPIFY, "hollow-pine.myshopify.com", "https://hollow-pine.myshopify.com")


@pytest.fixture
def desk(db: Database) -> Desk:
    return connect_shop(db, flows=FIRST_FLOWS)


def paused(desk: Desk) -> None:
    with desk.database.shops(desk.shop_id) as session:
        pause(session, desk.shop_id, desk.real)


def resumed(desk: Desk) -> bool:
    with desk.database.shops(desk.shop_id) as session:
        return resume(session, desk.shop_id)


def state(desk: Desk) -> tuple[str, bool, str | None]:
    (row,) = desk.rows("SELECT state, paused_at, problem FROM shops WHERE id = :id", id=desk.shop_id)
    return row.state, row.paused_at is not None, row.problem


def works(desk: Desk, sender: Sender, mailbox: Mailbox) -> int:
    before = len(mailbox.mails)
    with sender.provider.connect() as courier:
        while (
            look_due(desk.database, KEYS, desk.now)
            or wake_due(desk.database, KEYS, desk.now)
            or send_due(sender, courier, desk.real + timedelta(seconds=20))
        ):
            pass
    return len(mailbox.mails) - before


def delivered(desk: Desk) -> None:
    """An order whose parcel came on the second day: it is asked for a review after ten more."""
    desk.now = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=desk.now)
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))


def test_a_claimed_mail_of_a_shop_that_pauses_is_not_handed_over(desk: Desk) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 10)
    assert put_away_mails(desk.database, [row], desk.now) == [row], "it is not paused yet"
    paused(desk)
    assert not mark(desk, row)
    (kept,) = desk.rows("SELECT * FROM messages")
    assert (kept.state, kept.reason, kept.next_at) == ("due", "shop_paused", PARKED)
    assert resumed(desk)
    (back,) = desk.rows("SELECT * FROM messages")
    assert (back.state, back.reason, back.next_at) == ("due", None, back.due_at)


def test_what_is_planned_in_a_paused_shop_is_put_away_when_it_is_touched(desk: Desk) -> None:
    paused(desk)
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    claimed = ledger.claim(desk.database, desk.now, desk.real, 10)
    assert len(claimed) == 1
    assert put_away_mails(desk.database, claimed, desk.now) == []
    assert ledger.claim(desk.database, desk.now, desk.real, 10) == []
    with desk.database.crossing() as session:
        waiting = whats_waiting(session, desk.now, desk.real - timedelta(days=1))
        assert not (waiting.messages or waiting.timers or waiting.in_hand)
        assert all(moment < PARKED for moment in next_moments(session, desk.now, desk.now + timedelta(1)))
    with desk.database.shops(desk.shop_id) as session:
        assert all(row.at < PARKED for row in next_rows(session, desk.shop_id, 8))


def test_a_timer_rings_later_by_its_journey_s_own_instant(desk: Desk) -> None:
    delivered(desk)
    before = {row.journey_id: row.due_at for row in desk.rows("SELECT * FROM timers")}
    paused(desk)
    desk.now = START + timedelta(days=30)
    assert wake_due(desk.database, KEYS, desk.now) == 0
    assert {row.due_at for row in desk.rows("SELECT due_at FROM timers")} == {PARKED}
    assert resumed(desk)
    assert {row.journey_id: row.due_at for row in desk.rows("SELECT * FROM timers")} == before
    assert wake_due(desk.database, KEYS, desk.now) == len(before)


def test_no_two_mails_of_one_journey_leave_together_after_a_pause(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    delivered(desk)
    works(desk, sender, mailbox)
    desk.now = START + timedelta(days=5)
    paused(desk)
    desk.now = START + timedelta(days=19)  # the second mail would be due by now, and the third tomorrow
    assert works(desk, sender, mailbox) == 0
    assert resumed(desk)
    works(desk, sender, mailbox)
    sent = desk.rows(
        "SELECT step FROM messages WHERE flow_key = 'review_request' AND state = 'sent' ORDER BY id"
    )
    assert [row.step for row in sent] == ["ask"]
    desk.now += timedelta(days=1)
    assert desk.rows("SELECT 1 FROM timers WHERE due_at <= :now", now=desk.now) == []


def test_other_shops_go_on_and_a_pause_costs_what_is_due(db: Database) -> None:
    """However much waits for later in a paused shop, putting away takes as many statements."""
    counts = []
    for size in (1, 40):
        desk = connect_shop(db, f"paused-{size}.example", flows=FIRST_FLOWS)
        other = connect_shop(db, f"open-{size}.example", flows=FIRST_FLOWS)
        desk.now = other.now = START + timedelta(days=2)
        for one in (desk, other):
            orders = tuple(an_order(id=str(n), number=str(n), shipped=Shipped.ALL) for n in range(size))
            parcels = tuple(
                a_parcel(id=f"t{n}", order_id=str(n), status=ParcelStatus.DELIVERED, delivered_at=desk.now)
                for n in range(size)
            )
            one.read(Reading(orders=orders, parcels=parcels))
        paused(desk)
        with counted(db) as seen:
            assert wake_due(db, KEYS, START + timedelta(days=13)) == 2 * size
        counts.append(len(seen))
        assert {row.due_at for row in desk.rows("SELECT due_at FROM timers")} == {PARKED}
    assert counts[0] == counts[1]


def test_a_lost_key_pauses_and_a_good_message_alone_does_not_resume(desk: Desk) -> None:
    with desk.database.shops(desk.shop_id) as session:
        note_failure(session, desk.shop_id, StoreUnreachable("busy"), desk.real)
    assert state(desk) == ("connected", False, None), "a store that is away may be back in a minute"
    with desk.database.shops(desk.shop_id) as session:
        note_failure(session, desk.shop_id, AccessLost("the key is refused"), desk.real)
    assert state(desk) == ("needs_reconnect", True, "the key is refused")
    desk.rows("UPDATE polls SET next_at = :later RETURNING 1", later=desk.real + timedelta(minutes=10))
    with desk.database.shops(desk.shop_id) as session:
        look_whether_open(session, [desk.shop_id], desk.real)
    assert state(desk) == ("needs_reconnect", True, "the key is refused"), "heard, and not read yet"
    due = desk.rows("SELECT noun FROM polls WHERE next_at <= :real", real=desk.real)
    assert [row.noun for row in due] == ["orders"]
    for noun, waits in ((CATALOGUE, True), (ORDERS, False)):
        with desk.database.shops(desk.shop_id) as session:
            note_success(session, desk.shop_id, noun)
        assert state(desk) == ("connected", waits, None)


def test_a_message_never_connects_a_shopify_shop(db: Database) -> None:
    desk = Desk(db, connect(db, KEYS, SHOPIFY, {"access_token": "t"}, START, START).shop_id)
    with db.shops(desk.shop_id) as session:
        mark_needs_reconnect(session, desk.shop_id, "gone", desk.real)
    desk.read(Reading(orders=(an_order(),)))
    assert state(desk) == ("needs_reconnect", True, "gone")
    with db.shops(desk.shop_id) as session:
        note_success(session, desk.shop_id, ORDERS)
    assert state(desk) == ("connected", False, None), "its token opened the store"


@dataclass
class Overtaken:
    """A store that refuses a key while the merchant grants a new one."""

    desk: Desk

    def changed_since(self, store: Store, since: datetime, cursor: str | None) -> Page:
        attempt = Attempt(Platform.WOOCOMMERCE, store.domain, store.base_url)
        real = self.desk.real + timedelta(seconds=1)
        connect(self.desk.database, KEYS, attempt, {"consumer_key": "ck_2"}, real, real)
        raise AccessLost("the old key is refused")


def test_a_failure_from_before_the_last_grant_says_nothing(desk: Desk) -> None:
    """And what failed is done again at once: the merchant is looking."""
    desk.rows("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'orders' RETURNING 1")
    store = cast(Connector, Overtaken(desk))
    stores = Stores(lambda _: store, KEYS, HttpClient(), "", AppKeys("", ""), desk.database)
    desk.real += timedelta(minutes=1)
    assert run_poll(desk.database, stores, desk.now, desk.real, lambda: False)
    assert state(desk) == ("connected", False, None)
    (poll,) = desk.rows("SELECT next_at, error FROM polls WHERE noun = 'orders'")
    assert poll.next_at == desk.real and "AccessLost" in poll.error


def test_a_frozen_shop_says_so_and_a_new_key_alone_does_not_resume_it(desk: Desk) -> None:
    with desk.database.shops(desk.shop_id) as session:
        note_failure(session, desk.shop_id, StoreFrozen("the shop is frozen (402)"), desk.real)
    assert state(desk) == ("connected", True, "the shop is frozen (402)")
    connect_shop(desk.database, on=False)
    assert state(desk) == ("connected", True, None)
    with desk.database.shops(desk.shop_id) as session:
        note_success(session, desk.shop_id, ORDERS)
    assert state(desk) == ("connected", False, None)


def test_an_uninstall_leaves_nothing_that_could_act(db: Database) -> None:
    given = {"access_token": "t", "scope": "read_orders,write_orders"}
    desk = Desk(db, connect(db, KEYS, SHOPIFY, given, START, START).shop_id)
    with db.shops(desk.shop_id) as session:
        owe(session, desk.shop_id, {"open": SetRating("1", 4.5, 2)}, START)
        pause(session, desk.shop_id, START)
    rows = (
        "INSERT INTO features (shop_id, key, enabled, changed_at) VALUES (:id, 'x', true, :at) RETURNING 1",
        "INSERT INTO shop_plans (shop_id, plan, status, verified_at) VALUES (:id, 'p', 'a', :at) RETURNING 1",
        "INSERT INTO store_health (shop_id, checked_at) VALUES (:id, :at) RETURNING 1",
        "INSERT INTO shipment_words (shop_id, changed_at) VALUES (:id, :at) RETURNING 1",
    )
    for row in rows:
        desk.rows(row, id=desk.shop_id, at=START)
    with db.shops(desk.shop_id) as session:
        close_generation(session, desk.shop_id, START)
    for table in (
        "shop_secrets",
        "wishes",
        "polls",
        "flow_switches",
        "features",
        "shop_plans",
        "store_health",
        "shipment_words",
        "store_writes",
    ):
        assert desk.rows(f"SELECT 1 FROM {table} WHERE shop_id = :id", id=desk.shop_id) == [], table
    (shop,) = desk.rows("SELECT state, scopes, paused_at FROM shops WHERE id = :id", id=desk.shop_id)
    assert (shop.state, shop.scopes, shop.paused_at) == ("uninstalled", "", None)
    paused(desk)
    assert state(desk) == ("uninstalled", False, None), "a failure that comes late pauses nothing"
    again = connect(db, KEYS, SHOPIFY, given, START, START)
    assert (again.generation, again.scopes) == (2, ("read_orders", "write_orders"))
    assert state(desk) == ("connected", False, None)
