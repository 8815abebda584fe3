"""After a silence of our own every shop's orders are read since it began; every night three days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.db import Database
from app.services.heal import EVERY_NIGHT
from app.services.outage import beat
from app.services.polls import NIGHTLY, ORDERS, next_night, poke
from app.services.watermarks import OVERLAP
from tests.app.desk import START, Desk, connect_shop
from tests.healing.conftest import Site

AHEAD = timedelta(days=14)  # virtual time runs ahead of real time


def polls(desk: Desk, noun: str = ORDERS) -> dict[str, object]:
    query = "SELECT next_at, watermark, cursor, began_at, held, healed FROM polls WHERE noun = :noun"
    return dict(desk.rows(query, noun=noun)[0]._mapping)


def seconds(desk: Desk, later: float) -> datetime:
    return START + timedelta(seconds=later)


def test_a_gap_of_more_than_five_minutes_is_an_outage_and_noticed_once(db: Database) -> None:
    desks = [connect_shop(db, f"shop-{number}.example") for number in range(3)]
    for desk in desks:
        with db.shops(desk.shop_id) as session:
            session.execute(
                text("UPDATE polls SET next_at = :at, watermark = :at, cursor = 'x', held = true"),
                {"at": START + timedelta(hours=6)},
            )
    assert beat(db, START + AHEAD, START) is None
    assert beat(db, START + AHEAD + timedelta(minutes=5), START + timedelta(minutes=5)) is None
    assert polls(desks[0])["cursor"] == "x"
    back = START + timedelta(hours=4)
    assert beat(db, back + AHEAD, back) == timedelta(hours=3, minutes=55)
    began = START + timedelta(minutes=5)
    for desk in desks:
        held = polls(desk)
        next_at = held["next_at"]
        assert isinstance(next_at, datetime)
        assert back <= next_at < back + timedelta(minutes=1)
        assert held["watermark"] == min(START + timedelta(hours=6), began + AHEAD)
        assert (held["cursor"], held["began_at"], held["held"]) == (None, None, False)
        assert polls(desk, NIGHTLY)["cursor"] == "x"
    assert len({polls(desk)["next_at"] for desk in desks}) == 3, "not all at once"
    assert beat(db, back + AHEAD, back) is None


def test_what_changed_in_the_outage_is_read(site: Site) -> None:
    site.poll(ORDERS)
    beat(site.database, site.now, site.real)
    placed = site.store.order("HP-GRINDER", email="lost@example.com")
    site.rows("UPDATE polls SET watermark = :later RETURNING 1", later=site.now + timedelta(days=1))
    site.real += timedelta(hours=5)
    site.now += timedelta(hours=5)
    assert beat(site.database, site.now, site.real) == timedelta(hours=5)
    site.real += timedelta(minutes=1)
    site.turn(whole=True)
    assert site.one("SELECT count(*) FROM orders WHERE id = :id", id=placed["id"]) == 1
    assert site.one("SELECT healed FROM polls WHERE noun = 'orders'") == 1


def test_every_night_reads_three_days(site: Site) -> None:
    """Also what lies before the mark of the usual look, as if that had missed it."""
    site.rows("UPDATE polls SET watermark = :now, next_at = 'infinity' RETURNING 1", now=site.now)
    site.rows("UPDATE polls SET next_at = :real WHERE noun = 'nightly' RETURNING 1", real=site.real)
    site.turn(whole=True)
    placed = [row.placed_at for row in site.rows("SELECT placed_at FROM orders")]
    assert placed and min(placed) < site.now - OVERLAP
    assert min(placed) > site.now - EVERY_NIGHT - timedelta(days=1)
    night = site.one("SELECT next_at FROM polls WHERE noun = 'nightly'")
    assert night.astimezone(ZoneInfo("America/Chicago")).hour == 3
    assert site.one("SELECT healed FROM polls WHERE noun = 'nightly'") == len(placed)


@pytest.mark.parametrize(
    "zone", ["America/Chicago", "Asia/Kolkata", "Europe/Berlin", "Pacific/Apia", "Nowhere"]
)
def test_the_night_of_each_shop_is_its_own(zone: str) -> None:
    nights = [next_night(shop, zone, START) for shop in range(1, 1001)]
    where = ZoneInfo(zone) if zone != "Nowhere" else UTC
    assert {night.astimezone(where).hour for night in nights} == {3}
    assert all(START < night <= START + timedelta(days=1, hours=1) for night in nights)
    minutes = [night.astimezone(where).minute for night in nights]
    assert max(minutes.count(minute) for minute in range(60)) <= 20, "about a thousand over sixty minutes"


def test_a_night_follows_a_night_when_the_clocks_change() -> None:
    at = datetime(2027, 3, 26, 12, tzinfo=UTC)
    for _ in range(5):
        after = next_night(7, "Europe/Berlin", at)
        assert timedelta(hours=20) < after - at < timedelta(hours=26) or at.hour == 12
        at = after


def test_a_poke_takes_nothing_from_whoever_is_at_it(desk: Desk) -> None:
    for held, due in ((False, True), (True, False)):
        desk.rows("UPDATE polls SET held = :held, next_at = :at RETURNING 1", held=held,
                  at=START + timedelta(hours=1))  # fmt: skip
        with desk.database.shops(desk.shop_id) as session:
            poke(session, desk.shop_id, ORDERS, START)
        assert (polls(desk)["next_at"] == START) is due


@pytest.fixture
def desk(db: Database) -> Desk:
    return connect_shop(db)
