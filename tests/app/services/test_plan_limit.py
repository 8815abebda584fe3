"""A plan's limit: how many orders of a month get mails, which ones, and what the others are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.queries.plan import load_usage, month_of
from app.services.explain import explain_flow
from app.words.plans import FREE, PLANS, is_nearly_used, is_used_up, plan_of
from connectors.base import Reading
from flows.commerce import ParcelStatus, Shipped
from tests.app.desk import FIRST_FLOWS, START, Desk, a_parcel, an_order, connect_shop
from tests.app.services.statements import counted

CONFIRMED = "SELECT order_id FROM journeys WHERE flow_key = 'order_confirmation' ORDER BY order_id::int"


def billed(db: Database, domain: str = "larkhus.example", plan: str = "", status: str = "ACTIVE") -> Desk:
    desk = connect_shop(db, domain, flows=FIRST_FLOWS)
    desk.rows("UPDATE shops SET billed = true WHERE id = :shop RETURNING id", shop=desk.shop_id)
    if plan:
        on(desk, plan, status)
    return desk


def on(desk: Desk, plan: str, status: str = "ACTIVE") -> None:
    desk.rows(
        "INSERT INTO shop_plans (shop_id, plan, status, verified_at) VALUES (:shop, :plan, :status, :at)"
        " ON CONFLICT (shop_id) DO UPDATE SET plan = :plan, status = :status RETURNING plan",
        shop=desk.shop_id,
        plan=plan,
        status=status,
        at=START,
    )


def orders(first: int, last: int, at: datetime = START, **changes: Any) -> Reading:
    """One a second, in a muddled order: messages come as they like."""
    made = [
        an_order(id=str(n), number=str(n), at=at + timedelta(seconds=n), **changes)
        for n in range(first, last + 1)
    ]
    return Reading(orders=tuple(made[1::2] + made[::2]))


def confirmed(desk: Desk) -> list[int]:
    return [int(row.order_id) for row in desk.rows(CONFIRMED)]


def held(desk: Desk) -> dict[str, dict[str, str]]:
    """By order, what the plan held back; flows that are off do not count."""
    rows = desk.rows("SELECT order_id, declined FROM events WHERE declined::text LIKE '%plan_limit%'")
    return {
        row.order_id: {flow: reason for flow, reason in row.declined.items() if reason == "plan_limit"}
        for row in rows
    }


@pytest.mark.parametrize("plan", PLANS)
def test_each_plan_lets_as_many_orders_begin_as_the_table_says(db: Database, plan: Any) -> None:
    """The orders before it are counted by hand where there would be hundreds."""
    desk = billed(db, plan=plan.handle)
    limit = plan.orders or 3_000
    desk.read(orders(1, limit + 1 if limit < 100 else 3))
    if limit >= 100:
        desk.rows(
            "INSERT INTO orders (shop_id, id, version, number, placed_at, body, counted_at)"
            " SELECT :shop, 'x' || n, :at, n::text, :at, '{}', :at FROM generate_series(1, :n) n RETURNING 1",
            shop=desk.shop_id,
            at=START,
            n=limit - 3,
        )
        desk.read(orders(4, 5))
    used = load(desk).used
    if plan.orders is None:
        assert (len(confirmed(desk)), held(desk)) == (5, {})
    else:
        assert used == plan.orders
        assert set(held(desk)) == {str(limit + 1)} if limit < 100 else set(held(desk)) == {"4", "5"}


def load(desk: Desk) -> Any:
    with desk.database.shops(desk.shop_id) as session:
        return load_usage(session, {desk.shop_id: "UTC"}, desk.now)[desk.shop_id]


def test_the_oldest_orders_are_the_ones_that_fit(db: Database) -> None:
    desk = billed(db)
    desk.read(orders(1, 53))
    assert confirmed(desk) == list(range(1, 51))
    assert held(desk) == {str(n): {"order_confirmation": "plan_limit"} for n in (51, 52, 53)}
    assert desk.rows("SELECT count(*) AS n FROM messages")[0].n == 50


def test_who_has_no_plan_has_no_limit(db: Database) -> None:
    desk = connect_shop(db, flows=FIRST_FLOWS)
    desk.read(orders(1, 60))
    assert len(confirmed(desk)) == 60
    assert desk.rows("SELECT count(counted_at) AS n FROM orders")[0].n == 0


def test_an_order_that_counts_gets_all_its_mails(db: Database) -> None:
    """Also in a month of which nothing is left; and an order that was held back gets none of them."""
    desk = billed(db)
    desk.read(orders(1, 51))
    for n, flows in (("50", {"shipped", "delivered", "review_request"}), ("51", set())):
        at = START + timedelta(days=2)
        desk.now = at
        desk.read(
            Reading(
                orders=(an_order(id=n, number=n, at=START + timedelta(seconds=int(n)), shipped=Shipped.ALL),),
                parcels=(a_parcel(id=f"t{n}", order_id=n, status=ParcelStatus.DELIVERED, delivered_at=at),),
            )
        )
        started = {
            row.flow_key for row in desk.rows("SELECT flow_key FROM journeys WHERE order_id = :n", n=n)
        }
        assert started - {"order_confirmation"} == flows
    assert load(desk).used == 50


def test_a_new_month_and_a_larger_plan_each_make_room(db: Database) -> None:
    desk = billed(db)
    desk.read(orders(1, 51))
    desk.now = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
    desk.read(orders(60, 60, desk.now))
    assert confirmed(desk) == [*range(1, 51), 60]
    desk.now = START + timedelta(days=3)
    on(desk, "starter")
    desk.read(orders(70, 70, desk.now))
    assert 70 in confirmed(desk)
    on(desk, "starter", "FROZEN")
    desk.read(orders(80, 80, desk.now))
    assert 80 not in confirmed(desk)


def test_a_month_is_one_of_the_shop_s_own_calendar() -> None:
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert month_of(at, "UTC").ends == datetime(2027, 1, 1, tzinfo=UTC)
    auckland = month_of(at, "Pacific/Auckland")
    assert auckland.starts == datetime(2026, 12, 31, 11, tzinfo=UTC)
    assert auckland.ends == datetime(2027, 1, 31, 11, tzinfo=UTC)


def test_an_order_that_no_flow_takes_does_not_count(db: Database) -> None:
    desk = billed(db)
    desk.rows("DELETE FROM flow_switches WHERE shop_id = :shop RETURNING 1", shop=desk.shop_id)
    desk.read(orders(1, 5))
    assert load(desk).used == 0


def test_one_order_counts_once(db: Database) -> None:
    desk = billed(db)
    desk.read(Reading(orders=(an_order(),)))
    first = desk.rows("SELECT counted_at FROM orders")[0].counted_at
    desk.now = START + timedelta(days=40)
    desk.read(Reading(parcels=(a_parcel(),)))
    assert desk.rows("SELECT counted_at FROM orders")[0].counted_at == first
    assert len(desk.rows("SELECT * FROM journeys")) == 2


def test_the_message_page_says_why_and_what_would_have_helped(db: Database) -> None:
    desk = billed(db)
    desk.read(orders(1, 51))
    with db.shops(desk.shop_id) as session:
        (found,) = explain_flow(session, desk.shop_id, "51", "order_confirmation", desk.keys, desk.now)
    assert found.reason == "plan_limit"
    assert [change.fact for change in found.change.alone] == ["plan.orders"]
    assert found.answer.whole.startswith("Not started, because the month's orders of your plan were used up.")
    assert found.answer.changed == "It would have started if the plan had had room for one more order."


def test_limits_cost_the_same_for_one_order_as_for_hundreds(db: Database) -> None:
    seen = []
    for size in (51, 100, 550):
        desk = billed(db, f"shop-{size}.example")
        with counted(db) as statements:
            desk.read(orders(1, size))
        assert len(confirmed(desk)) == 50
        seen.append(len(statements))
    assert seen[0] == seen[1] == seen[2], seen


def test_warnings_come_before_the_end() -> None:
    assert [is_nearly_used(FREE, n) for n in (39, 40, 50)] == [False, True, True]
    assert [is_used_up(FREE, n) for n in (49, 50)] == [False, True]
    own = plan_of("agreed-on-by-hand")
    assert own.orders is None
    assert not is_used_up(own, 10**6)
