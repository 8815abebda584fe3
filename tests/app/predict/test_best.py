"""Who is among the best buyers: counted once a day, by what they kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.predict.best import AT_MOST_EVERY, count_best
from app.queries.facts import load_fact_base, load_shops
from connectors.base import Reading
from flows.commerce import OrderState
from flows.conditions import Named
from tests.app.desk import START, Desk, an_order

TOP = Named("spends_in_top", (("percent", 10),))
NOT_KEPT: dict[str, dict[str, Any]] = {
    "back": {"refunded": 900_000},
    "gone": {"state": OrderState.CANCELLED},
    "test": {"is_test": True},
    "usd": {"currency": "USD"},
}


def bought(desk: Desk, buyers: int) -> None:
    """The n-th spends n times 10, in two orders; the first is far ahead with what does not count."""
    two_each = [
        an_order(id=f"{n}-{part}", email=f"b{n}@example.com", total=500 * n, version=START)
        for n in range(1, buyers + 1)
        for part in (1, 2)
    ]
    nothing = [
        an_order(id=name, email="b1@example.com", total=900_000, **changes)
        for name, changes in NOT_KEPT.items()
    ]
    desk.read(Reading(orders=(*two_each, *nothing)))


def top(desk: Desk) -> dict[str, int]:
    with desk.database.shops(desk.shop_id) as session:
        return dict(load_shops(session, [desk.shop_id])[desk.shop_id].top_spent)


def test_the_least_of_each_share(desk: Desk) -> None:
    desk.rows("UPDATE shops SET currency = 'EUR' WHERE id = :shop RETURNING 1", shop=desk.shop_id)
    bought(desk, 20)
    assert count_best(desk.database, START)
    found = top(desk)
    assert len(found) == 50
    assert (found["1"], found["5"], found["10"], found["50"]) == (20_000, 20_000, 19_000, 11_000)
    with desk.database.shops(desk.shop_id) as session:
        base = load_fact_base(session, [(desk.shop_id, "19-1"), (desk.shop_id, "18-1")], desk.keys)
    best = {
        name: TOP.check(base.facts((desk.shop_id, name), "x", None), START).passed
        for name in ("19-1", "18-1")
    }
    assert best == {"19-1": True, "18-1": False}


def test_once_a_day(desk: Desk) -> None:
    bought(desk, 12)
    assert count_best(desk.database, START)
    assert not count_best(desk.database, START + AT_MOST_EVERY - timedelta(seconds=1))
    assert count_best(desk.database, START + AT_MOST_EVERY)


def test_of_few_buyers_nobody_is_the_best(desk: Desk) -> None:
    bought(desk, 9)
    assert count_best(desk.database, START)
    assert top(desk) == {}
