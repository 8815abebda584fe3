"""Those who wait are moved batch by batch: by whom, through crashes, and what rings meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.queries.facts import load_fact_base
from app.queries.waiting import whats_waiting
from app.services import retime
from app.services.knobs import move_now, turn
from app.services.locks import lock_shop
from app.services.retime import move_batch, move_waiting
from app.services.wake import wake_due
from tests.app.desk import START, Desk, connect_shop
from tests.app.services.statements import counted
from tests.app.services.test_knobs import REVIEW, asks, deliver, turned, waits

BEFORE = datetime(2026, 11, 14, 10, tzinfo=UTC)
AFTER = datetime(2026, 11, 18, 10, tzinfo=UTC)


def store(desk: Desk, **given: int) -> None:
    with desk.database.shops(desk.shop_id) as session:
        turn(session, desk.shop_id, REVIEW, given, {}, desk.now)


def left(desk: Desk) -> bool:
    with desk.database.crossing() as session:
        return whats_waiting(session, desk.now, desk.real).retimes


def wakes(desk: Desk) -> list[datetime]:
    assert all(wake == due for wake, due in waits(desk))
    return [wake for wake, _ in waits(desk)]


def test_a_merchant_waits_for_the_first_and_a_job_moves_the_others(desk: Desk) -> None:
    deliver(desk, 1200)
    seen = turned(desk, standard_days=14)
    assert (seen.people, seen.looked_at, len(seen.moves), seen.whole) == (1200, 1000, 1000, False)
    assert wakes(desk) == [AFTER] * 1000 + [BEFORE] * 200
    assert left(desk)
    while move_waiting(desk.database, desk.keys, desk.now):
        pass
    assert wakes(desk) == [AFTER] * 1200
    assert not left(desk)
    rows = desk.rows("SELECT DISTINCT revision FROM journeys WHERE flow_key = 'review_request'")
    assert [row.revision for row in rows] == [2], "each was moved once"


def test_storing_the_knobs_looks_at_nobody(db: Database) -> None:
    counts = []
    for size in (1, 300):
        desk = connect_shop(db, f"shop-{size}.example")
        deliver(desk, size)
        with counted(db) as seen:
            store(desk, standard_days=14)
        assert wakes(desk) == [BEFORE] * size
        assert not any("journeys" in statement for statement in seen)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_batch_costs_the_same_and_locks_the_shop_only_to_write(db: Database) -> None:
    counts = []
    for size in (1, 50, 499):
        desk = connect_shop(db, f"shop-{size}.example")
        deliver(desk, size)
        store(desk, standard_days=14)
        with counted(db) as seen:
            batch = move_batch(db, desk.keys, desk.shop_id, REVIEW, desk.now)
        assert batch is not None and len(batch.moved) == size
        counts.append(len(seen))
        (locked,) = [place for place, one in enumerate(seen) if "FOR NO KEY UPDATE" in one]
        read = [place for place, one in enumerate(seen) if "FROM orders" in one or "JOIN shops" in one]
        assert max(read) < locked
    assert counts[0] == counts[1] == counts[2], counts


def test_a_crash_between_two_batches_loses_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retime, "BATCH", 2)
    deliver(desk, 7)
    written, calls = retime.write_moves, []

    def dies(*given: Any) -> None:
        calls.append(1)
        written(*given)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(retime, "write_moves", dies)
    store(desk, standard_days=14)
    with pytest.raises(KeyboardInterrupt):
        move_now(desk.database, desk.keys, desk.shop_id, REVIEW, desk.now)
    assert wakes(desk) == [AFTER] * 2 + [BEFORE] * 5
    while move_waiting(desk.database, desk.keys, desk.now):
        pass
    assert wakes(desk) == [AFTER] * 7
    assert not left(desk)


def test_turning_again_begins_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retime, "BATCH", 2)
    deliver(desk, 7)
    turned(desk, standard_days=14)
    store(desk, ask_hour=8)
    while move_waiting(desk.database, desk.keys, desk.now):
        pass
    assert wakes(desk) == [AFTER.replace(hour=8)] * 7


def test_turned_again_while_a_batch_was_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was worked out by the knobs of before is not written."""
    deliver(desk, 3)
    store(desk, standard_days=20)

    def late(session: Any, shop_id: int) -> None:
        monkeypatch.setattr(retime, "lock_shop", lock_shop)
        store(desk, standard_days=14)
        lock_shop(session, shop_id)

    monkeypatch.setattr(retime, "lock_shop", late)
    batch = move_batch(desk.database, desk.keys, desk.shop_id, REVIEW, desk.now)
    assert batch is not None and (batch.moved, batch.more) == ((), True)
    assert wakes(desk) == [BEFORE] * 3
    assert move_waiting(desk.database, desk.keys, desk.now) and not move_waiting(
        desk.database, desk.keys, desk.now
    )
    assert wakes(desk) == [AFTER] * 3


def test_a_timer_that_rings_before_its_journey_was_moved_sends_nothing(desk: Desk) -> None:
    deliver(desk, 3)
    store(desk, standard_days=14)
    (before, *_) = desk.rows("SELECT reasons FROM journeys WHERE flow_key = 'review_request'")
    assert wake_due(desk.database, desk.keys, BEFORE + timedelta(minutes=1)) == 6, "with those of arrivals"
    assert asks(desk) == []
    assert wakes(desk) == [AFTER] * 3
    (row, *_) = desk.rows("SELECT reasons FROM journeys WHERE flow_key = 'review_request'")
    assert row.reasons[:-1] == before.reasons and row.reasons[-1][0] == "knob_turned"
    desk.now = BEFORE + timedelta(minutes=2)
    while move_waiting(desk.database, desk.keys, desk.now):
        pass
    wake_due(desk.database, desk.keys, AFTER)
    assert asks(desk) == [AFTER] * 3


def test_what_was_turned_the_other_way_rings_and_sends(desk: Desk) -> None:
    deliver(desk)
    store(desk, standard_days=4)
    wake_due(desk.database, desk.keys, BEFORE)
    assert asks(desk) == [BEFORE]


def test_ringing_costs_the_same_whoever_was_not_moved(db: Database) -> None:
    counts = []
    for size in (1, 50, 400):
        desk = connect_shop(db, f"shop-{size}.example")
        deliver(desk, size)
        wake_due(db, desk.keys, START + timedelta(days=4), limit=2 * size)
        store(desk, standard_days=14)
        with counted(db) as seen:
            assert wake_due(db, desk.keys, BEFORE, limit=2 * size) == size
        assert wakes(desk) == [AFTER] * size
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_one_shop_whose_batches_fail_holds_up_no_other(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = connect_shop(db, "bad.example"), connect_shop(db, "good.example")
    for desk in (bad, good):
        deliver(desk)
        store(desk, standard_days=14)

    def fails(session: Any, keys: Any, secrets: Any) -> Any:
        if any(shop_id == bad.shop_id for shop_id, _ in keys):
            raise ValueError("a row that nobody can read")
        return load_fact_base(session, keys, secrets)

    monkeypatch.setattr(retime, "load_fact_base", fails)
    for _ in range(60):
        move_waiting(db, good.keys, good.now)
    assert (wakes(good), wakes(bad)) == ([AFTER], [BEFORE])
    assert left(bad)


def test_a_flow_that_is_no_longer_shipped_waits_for_nobody(desk: Desk) -> None:
    store(desk, standard_days=14)
    assert move_waiting(desk.database, desk.keys, desk.now, flows=())
    assert not left(desk)
