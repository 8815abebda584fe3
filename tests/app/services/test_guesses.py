"""An arrival that was only a guess, and that somebody or something speaks against, on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.db import Database
from app.queries.facts import load_fact_base
from app.services.arrivals import arrived, missed
from app.services.look import look_due
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import ParcelEvent, ParcelStatus, Shipped
from flows.events import EventKind
from tests.app.desk import KEYS, Desk, a_parcel, a_product, an_order, connect_shop
from tests.app.services.test_way import DAY, INFERRED, LEFT

THERE = INFERRED + 20 * DAY


@pytest.fixture
def desk(db: Database) -> Desk:
    """An order of which nobody told that it came, so that we took it to be there."""
    desk = connect_shop(db)
    desk.now = LEFT
    desk.read(
        Reading(
            products=(a_product(),),
            orders=(an_order(shipped=Shipped.ALL, version=LEFT),),
            parcels=(a_parcel(at=LEFT),),
        )
    )
    desk.now = INFERRED
    assert look_due(desk.database, KEYS, INFERRED) == 1
    assert arrivals(desk) == 2
    return desk


def arrivals(desk: Desk) -> int:
    rows = desk.rows("SELECT 1 FROM events WHERE kind LIKE '%Delivered' AND key LIKE '%delivered'")
    return len(rows)


def reviews(desk: Desk) -> list[tuple[str, str | None]]:
    rows = desk.rows("SELECT status, end_reason FROM journeys WHERE flow_key = 'review_request' ORDER BY id")
    return [tuple(row) for row in rows]


def scan(status: ParcelStatus, at: Any) -> Reading:
    return Reading(parcel_events=(ParcelEvent(f"s-{at}", "t1", "13", status, at),))


def deny(desk: Desk, at: Any) -> None:
    desk.now = at
    missed(desk.database, KEYS, (desk.shop_id, "13"), "t1", at)


def test_whoever_says_that_it_is_not_there_is_asked_for_nothing(desk: Desk) -> None:
    assert reviews(desk) == [("active", None)]
    deny(desk, INFERRED + 2 * DAY)
    assert arrivals(desk) == 0
    assert reviews(desk) == [("ended", "not_there")]
    begun = desk.rows("SELECT status, end_reason FROM journeys WHERE event_key LIKE '%delivered_%'")
    assert {tuple(row) for row in begun if row.status != "declined"} == {("ended", "not_there")}
    desk.now = THERE
    look_due(desk.database, KEYS, THERE)
    wake_due(desk.database, KEYS, THERE)
    assert arrivals(desk) == 0, "nothing is guessed against their word"
    assert desk.rows("SELECT 1 FROM messages WHERE flow_key = 'review_request'") == []


@pytest.mark.parametrize("how", ["scan", "word"])
def test_once_it_is_there_they_are_asked_like_everybody_else(desk: Desk, how: str) -> None:
    deny(desk, INFERRED + 2 * DAY)
    desk.now = THERE
    if how == "scan":
        desk.read(scan(ParcelStatus.DELIVERED, THERE))
    else:
        arrived(desk.database, KEYS, (desk.shop_id, "13"), "t1", THERE)
    assert arrivals(desk) == 2
    assert reviews(desk) == [("ended", "not_there"), ("active", None)]


def test_a_scan_on_its_way_says_so_too(desk: Desk) -> None:
    desk.now = INFERRED + DAY
    desk.read(scan(ParcelStatus.READY_FOR_PICKUP, desk.now))
    assert arrivals(desk) == 0
    assert reviews(desk) == [("ended", "not_there")]
    (told,) = desk.rows("SELECT status FROM journeys WHERE flow_key = 'delivery_updates'")
    assert told.status != "declined", "where to fetch it is told"


def test_a_scan_from_before_the_guess_does_not(desk: Desk) -> None:
    desk.read(scan(ParcelStatus.IN_TRANSIT, INFERRED - DAY))
    assert arrivals(desk) == 2
    assert reviews(desk) == [("active", None)]


def test_what_was_asked_once_is_not_asked_again(desk: Desk) -> None:
    at = INFERRED + 12 * DAY
    wake_due(desk.database, KEYS, at)
    assert desk.rows("UPDATE messages SET state = 'sent' WHERE flow_key = 'review_request' RETURNING 1")
    deny(desk, at + timedelta(hours=1))
    assert reviews(desk) == [("ended", "not_there")]
    desk.now = THERE
    desk.read(scan(ParcelStatus.DELIVERED, THERE))
    assert reviews(desk) == [("ended", "not_there")]


def test_a_mail_that_waits_to_leave_stays(desk: Desk) -> None:
    at = INFERRED + 12 * DAY
    wake_due(desk.database, KEYS, at)
    deny(desk, at)
    mails = desk.rows("SELECT state, reason FROM messages WHERE flow_key = 'review_request'")
    assert [tuple(row) for row in mails] == [("cancelled", "not_there")]


def test_the_whole_order_hears_that_a_parcel_of_it_is_missed(desk: Desk) -> None:
    def heard() -> bool:
        with desk.database.shops(desk.shop_id) as session:
            base = load_fact_base(session, [(desk.shop_id, "13")], KEYS)
        facts = base.facts((desk.shop_id, "13"), "cross_sell_series", None)
        return EventKind.ARRIVAL_DENIED in facts.happened

    assert not heard()
    deny(desk, INFERRED + 2 * DAY)
    assert heard()
    desk.now = THERE
    desk.read(scan(ParcelStatus.DELIVERED, THERE))
    assert not heard(), "and begins anew once it is there"
