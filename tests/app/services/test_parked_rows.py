"""A shop goes on while somebody is at its rows: nothing stays put away for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import text

from app.services import ledger
from app.services.connection import note_failure, note_success
from app.services.heal import AFTER_SHUT, run_poll
from app.services.intake import ask_stores
from app.services.pauses import pause, put_away_mails, resume
from app.services.polls import CATALOGUE
from app.services.store_writes import owe
from app.services.stores import Stores
from connectors.base import (
    AccessLost,
    Connector,
    Noun,
    Page,
    Reading,
    Store,
    StoreFrozen,
    StoreRefused,
    Wish,
)
from connectors.shopify.keys import AppKeys
from connectors.writes import SetRating
from tests.app.desk import KEYS, START, Desk, an_order
from tests.app.services.statements import counted
from wire.http import HttpClient


def test_a_mail_that_is_being_put_away_while_its_shop_goes_on_comes_back(desk: Desk) -> None:
    """Whoever puts away has asked whether the shop waits, and is held up before it writes."""
    with desk.database.shops(desk.shop_id) as session:
        pause(session, desk.shop_id, desk.real)
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    (row,) = ledger.claim(desk.database, desk.now, desk.real, 10)
    with ThreadPoolExecutor(2) as others:
        with desk.database.shops(desk.shop_id) as session:
            session.execute(text("SELECT id FROM messages WHERE id = :id FOR UPDATE"), {"id": row.id})
            putting_away = others.submit(put_away_mails, desk.database, [row], desk.now)
            _until_waiting(desk, 1)
            going_on = others.submit(_resumed, desk)
            while not going_on.done() and _waiting(desk) < 2:
                time.sleep(0.01)
        assert putting_away.result(timeout=5) == []
        assert going_on.result(timeout=5)
    (kept,) = desk.rows("SELECT * FROM messages")
    assert (kept.state, kept.next_at) == ("due", kept.due_at)


def _resumed(desk: Desk) -> bool:
    with desk.database.shops(desk.shop_id) as session:
        return resume(session, desk.shop_id)


def _until_waiting(desk: Desk, count: int) -> None:
    until = time.monotonic() + 5
    while _waiting(desk) < count:
        assert time.monotonic() < until
        time.sleep(0.01)


def _waiting(desk: Desk) -> int:
    """How many transactions of this database wait for another."""
    (row,) = desk.rows(
        "SELECT count(*) AS waiting FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return int(row.waiting)


def test_every_further_failure_of_a_shop_that_waits_touches_no_mail(desk: Desk) -> None:
    """However many wait: a frozen shop fails for weeks."""
    with desk.database.shops(desk.shop_id) as session:
        note_failure(session, desk.shop_id, StoreFrozen("402"), desk.real)
    with counted(desk.database) as seen, desk.database.shops(desk.shop_id) as session:
        note_failure(session, desk.shop_id, StoreFrozen("402"), desk.real)
    assert not [one for one in seen if "messages" in one]


@dataclass
class Telling:
    """A store that answers what changed as the test says."""

    answer: Callable[[str | None], Page]

    def changed_since(self, store: Store, since: datetime, cursor: str | None) -> Page:
        return self.answer(cursor)


def _polled(desk: Desk, answer: Callable[[str | None], Page]) -> bool:
    """The orders are asked for. Returns whether the shop waits then."""
    desk.rows("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'orders' RETURNING 1")
    store = cast(Connector, Telling(answer))
    stores = Stores(lambda _: store, KEYS, HttpClient(), "", AppKeys("", ""), desk.database)
    run_poll(desk.database, stores, desk.now, desk.real, lambda: False)
    (shop,) = desk.rows("SELECT paused_at FROM shops")
    return shop.paused_at is not None


def test_a_place_in_the_list_that_the_store_refuses_is_not_asked_for_for_ever(desk: Desk) -> None:
    """Or a shop that waits for its orders would never go on."""

    def answer(cursor: str | None) -> Page:
        if cursor == "stale":
            raise StoreRefused("no such cursor")
        return Page(Reading(), None)

    with desk.database.shops(desk.shop_id) as session:
        pause(session, desk.shop_id, desk.real)
    desk.rows("UPDATE polls SET cursor = 'stale', began_at = next_at WHERE noun = 'orders' RETURNING 1")
    desk.real += timedelta(minutes=1)
    assert _polled(desk, answer)
    desk.real += AFTER_SHUT
    assert not _polled(desk, answer)


def test_orders_that_were_asked_for_before_a_key_was_refused_let_no_shop_go_on(desk: Desk) -> None:
    def answer(cursor: str | None) -> Page:
        with desk.database.shops(desk.shop_id) as session:
            later = desk.real + timedelta(seconds=1)
            note_failure(session, desk.shop_id, AccessLost("the key is refused"), later)
        return Page(Reading(), None)

    desk.real += timedelta(minutes=1)
    assert _polled(desk, answer)
    desk.real += timedelta(hours=1)
    assert not _polled(desk, lambda cursor: Page(Reading(), None)), "the next time it does"


def test_what_was_given_up_goes_on_when_the_key_works_again(desk: Desk) -> None:
    """Without any new grant: whoever took the key's rights away gave them back."""
    with desk.database.shops(desk.shop_id) as session:
        note_failure(session, desk.shop_id, AccessLost("the key is refused"), desk.real)
        ask_stores(session, [(desk.shop_id, Wish(Noun.PRODUCT, "7"))], desk.real)
        owe(session, desk.shop_id, {"stars:7": SetRating("7", 4.5, 2)}, desk.real)
    for table in ("wishes", "store_writes"):
        desk.rows(f"UPDATE {table} SET state = 'given_up', attempts = 80 RETURNING 1")
    desk.real += timedelta(days=5)
    desk.read(Reading())
    assert {row.state for row in desk.rows("SELECT state FROM wishes")} == {"given_up"}, (
        "no message proves it"
    )
    with desk.database.shops(desk.shop_id) as session:
        note_success(session, desk.shop_id, CATALOGUE, desk.real)
    for table in ("wishes", "store_writes"):
        (row,) = desk.rows(f"SELECT * FROM {table}")
        assert (row.state, row.attempts, row.next_at) == ("open", 0, desk.real)
