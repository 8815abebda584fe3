"""A shop goes on while somebody is at its rows: nothing stays put away for ever."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import text

from app.services import ledger
from app.services.connection import note_failure
from app.services.pauses import pause, put_away_mails, resume
from connectors.base import Reading, StoreFrozen
from tests.app.desk import START, Desk, an_order
from tests.app.services.statements import counted


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
