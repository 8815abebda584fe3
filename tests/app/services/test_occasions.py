"""Days that come by themselves are told once, of whoever has them, in shops that want it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.db import Database
from app.services.occasions import tell_days
from app.services.switches import switch_off
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Customer, Product
from flows.guards import UNDO
from tests.app.desk import START, Desk, an_order, connect_shop
from tests.app.services.statements import counted

DAY = timedelta(days=1)


def keys(desk: Desk, kind: str) -> list[str]:
    rows = desk.rows("SELECT key FROM events WHERE kind = :kind ORDER BY key", kind=kind)
    return [row.key for row in rows]


def journeys(desk: Desk, flow: str) -> list[tuple[str, str, str | None]]:
    rows = desk.rows(
        "SELECT order_id, status, end_reason FROM journeys WHERE flow_key = :flow ORDER BY id", flow=flow
    )
    return [(row.order_id, row.status, row.end_reason) for row in rows]


def turn(desk: Desk, flow: str, knobs: str) -> None:
    desk.rows(
        "UPDATE flow_switches SET knobs = CAST(:knobs AS jsonb) WHERE flow_key = :flow RETURNING 1",
        flow=flow,
        knobs=knobs,
    )


def on(desk: Desk, at: datetime) -> int:
    desk.now = at
    return tell_days(desk.database, desk.keys, at)


def test_a_birthday_is_told_once_a_year_of_the_newest_order(desk: Desk) -> None:
    second = an_order(id="14", number="14", at=START + DAY)
    customer = Customer("c1", START, "mia@example.com", "Mia", birthday="11-20")
    other = Customer("c2", START, "ole@example.com", "Ole", birthday="11-20")
    desk.now = START + DAY
    desk.read(Reading(orders=(an_order(), second), customers=(customer, other)))
    assert on(desk, datetime(2026, 11, 19, 12, tzinfo=UTC)) == 0
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert [on(desk, at), on(desk, at + timedelta(hours=1))] == [1, 0]
    (key,) = keys(desk, "BirthdayCame")
    person = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    assert key == f"birthday:{person[:32]}:2026"
    assert journeys(desk, "anniversary_birthday") == [("14", "active", None)]
    wake_due(desk.database, desk.keys, at.replace(hour=8, minute=59))
    assert desk.rows("SELECT 1 FROM messages WHERE step = 'birthday'") == []
    wake_due(desk.database, desk.keys, at.replace(hour=9))
    assert len(desk.rows("SELECT 1 FROM messages WHERE step = 'birthday'")) == 1
    assert on(desk, datetime(2027, 11, 20, 3, tzinfo=UTC)) == 1, "and again a year on"


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_an_anniversary_comes_each_year_for_three(desk: Desk, zone: str) -> None:
    desk.rows("UPDATE shops SET timezone = :zone RETURNING 1", zone=zone)
    old = an_order(id="1", number="1", at=datetime(2024, 5, 4, 10, tzinfo=UTC))
    desk.read(Reading(orders=(old, an_order())))
    told = []
    for year in range(2027, 2030):
        for day in range(2, 7):
            if on(desk, datetime(year, 5, day, 1, tzinfo=UTC)):
                told.append(f"{year}-05-0{day}")
    assert told == ["2027-05-04"], "the third; the first two passed before the shop was connected"
    assert journeys(desk, "anniversary_birthday") == [("13", "active", None)]


def test_a_season_is_told_to_buyers_of_what_belongs_to_it(desk: Desk) -> None:
    turn(desk, "milestone_seasonal", '{"season_month": 12, "season_day": 1}')
    seasonal = Product("p1", "Lampshade", START, tags=("Seasonal",))
    plain = an_order(id="14", number="14", email="ole@example.com", lines=())
    desk.read(Reading(orders=(an_order(), plain), products=(seasonal,)))
    assert [on(desk, START + n * DAY) for n in range(14, 17)] == [0, 1, 0]
    assert len(keys(desk, "SeasonCame")) == 1
    assert journeys(desk, "milestone_seasonal") == [("13", "active", None)]


@pytest.mark.parametrize(("counted", "told"), [(1, 1), (41, 0)])
def test_a_first_order_is_the_first_by_the_count_of_the_store_too(
    desk: Desk, counted: int, told: int
) -> None:
    customer = Customer(
        "77", START, "mia@example.com", order_count=counted, counted_at=START + timedelta(minutes=2)
    )
    desk.read(Reading(orders=(an_order(customer_id="77"),), customers=(customer,)))
    assert on(desk, START + 365 * DAY) == told


@pytest.mark.parametrize(("late", "told"), [(3, 1), (4, 0)])
def test_a_season_that_nobody_looked_at_in_time_is_told_some_days_late(
    desk: Desk, late: int, told: int
) -> None:
    """Of those who had ordered by then; a shop that needs to reconnect loses no season either."""
    turn(desk, "milestone_seasonal", '{"season_month": 12, "season_day": 1}')
    seasonal = Product("p1", "Lampshade", START, tags=("Seasonal",))
    desk.read(Reading(orders=(an_order(),), products=(seasonal,)))
    desk.now = START + 17 * DAY
    desk.read(Reading(orders=(an_order(id="14", number="14", email="ole@example.com", at=desk.now),)))
    desk.rows("UPDATE shops SET state = 'needs_reconnect' RETURNING 1")
    assert on(desk, START + (15 + late) * DAY) == told
    assert journeys(desk, "milestone_seasonal") == [("13", "active", None)][:told]
    assert on(desk, START + (16 + late) * DAY) == 0, "once"


def test_a_draw_is_fair_within_its_budget_and_the_same_whoever_asks(db: Database) -> None:
    desk = connect_shop(db)
    turn(desk, "surprise_delight", '{"share": 2, "budget": 2}')
    orders = [
        an_order(id=f"{n}-{k}", number=f"{n}-{k}", email=f"p{n}@example.com", at=START + k * DAY)
        for n in range(280)
        for k in (range(2) if n < 250 else range(1))
    ]
    desk.now = START + 2 * DAY
    for start in range(0, len(orders), 200):
        desk.read(Reading(orders=tuple(orders[start : start + 200])))
    month = [datetime(2026, 12, day, 6, tzinfo=UTC) for day in range(1, 32)]
    assert sum(on(desk, at) for at in month) == 2
    first = keys(desk, "SurpriseDrawn")
    assert sum(on(desk, at) for at in month) == 0
    turn(desk, "surprise_delight", '{"share": 2, "budget": 1000}')
    sum(on(desk, at) for at in month)
    drawn = keys(desk, "SurpriseDrawn")
    assert set(first) <= set(drawn)
    assert 1 <= len(drawn) <= 14, "about two in a hundred of 250 regulars"
    rows = desk.rows(
        "SELECT count(*) AS n FROM events e JOIN orders o ON o.id = e.order_id WHERE e.kind = 'SurpriseDrawn'"
        " AND NOT EXISTS (SELECT FROM orders q WHERE q.email = o.email AND q.id <> o.id)"
    )
    assert rows[0].n == 0, "whoever ordered once is no regular"


def test_who_switched_it_off_tells_nobody(desk: Desk) -> None:
    customer = Customer("c1", START, "mia@example.com", "Mia", birthday="11-20")
    desk.read(Reading(orders=(an_order(),), customers=(customer,)))
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "anniversary_birthday", START + DAY)
    assert on(desk, datetime(2026, 11, 20, 3, tzinfo=UTC) + UNDO) == 0


def test_many_birthdays_cost_as_much_as_few(db: Database) -> None:
    counts = []
    for size in (1, 50, 199):
        desk = connect_shop(db, f"shop-{size}.example")
        people = [(str(n), f"p{n}@example.com") for n in range(size)]
        orders = tuple(an_order(id=name, number=name, email=email) for name, email in people)
        customers = tuple(Customer(name, START, email, birthday="11-20") for name, email in people)
        desk.read(Reading(orders=orders, customers=customers))
        with counted(db) as seen:
            assert on(desk, datetime(2026, 11, 20, 3, tzinfo=UTC)) == size
        counts.append(len(seen))
        with desk.database.shops(desk.shop_id) as session:
            for flow in ("anniversary_birthday", "milestone_seasonal", "surprise_delight"):
                switch_off(session, desk.shop_id, flow, START + 20 * DAY)
    assert counts[0] == counts[1] == counts[2], counts


def test_a_leap_day_s_child_is_not_forgotten(desk: Desk) -> None:
    customer = Customer("c1", START, "mia@example.com", "Mia", birthday="02-29")
    desk.read(Reading(orders=(an_order(),), customers=(replace(customer),)))
    assert on(desk, datetime(2027, 2, 28, 3, tzinfo=UTC)) == 1
    assert on(desk, datetime(2028, 2, 28, 3, tzinfo=UTC)) == 0
    assert on(desk, datetime(2028, 2, 29, 3, tzinfo=UTC)) == 1
