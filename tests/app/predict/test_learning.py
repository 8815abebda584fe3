"""What is learnt of products from the orders of a shop, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.db import Database
from app.predict.learning import AT_MOST_EVERY, BATCH, TOGETHER_AT_LEAST, learn
from connectors.base import Gone, Noun, Reading
from flows.commerce import Order, OrderState
from tests.app.desk import START, Desk, connect_shop
from tests.app.predict.bought import bought, sold, told
from tests.app.services.statements import counted


def learnt(desk: Desk, times: int = 9) -> int:
    return sum(learn(desk.database, desk.now) for _ in range(times))


def habit(desk: Desk, product: str) -> tuple[int | None, ...]:
    (row,) = desk.rows("SELECT * FROM product_habits WHERE product_id = :of", of=product)
    return row.days, row.early, row.late, row.samples, row.quantity, row.orders


def picks(desk: Desk, product: str) -> list[tuple[str, str, int]]:
    rows = desk.rows("SELECT * FROM product_picks WHERE product_id = :of ORDER BY rank", of=product)
    return [(row.pick_id, row.why, row.support) for row in rows]


def test_the_days_from_somebody_s_first_order_to_their_second(desk: Desk) -> None:
    orders = []
    for place, gap in enumerate((10, 20, 30, 40, 50)):
        orders += [
            bought(10 * place + n, f"p{place}", day, "beans", quantity=2) for n, day in ((0, 5), (1, 5 + gap))
        ]
        orders.append(bought(10 * place + 2, f"p{place}", 300, "beans"))  # the third does not count
    orders.append(bought(901, "once", 9, "beans"))
    desk.read(told(*orders))
    assert learnt(desk) == 1
    assert habit(desk, "beans") == (30, 20, 40, 5, 2, 16)


def test_orders_of_one_day_are_one_and_nobody_is_somebody_else(desk: Desk) -> None:
    day = (bought(1, "ada", 5, "beans"), bought(2, "ada", 5.2, "beans"), bought(3, "bo", 9, "beans"))
    desk.read(told(*day, bought(4, "ada", 25, "beans"), bought(5, "ada", 12, "tea")))
    learnt(desk)
    assert habit(desk, "beans")[:4] == (20, 20, 20, 1)


def test_what_was_cancelled_unpaid_a_test_or_thrown_away_teaches_nothing(desk: Desk) -> None:
    first = bought(1, "ada", 1, "beans")
    desk.read(
        told(
            first,
            bought(2, "ada", 11, "beans", state=OrderState.CANCELLED),
            bought(3, "ada", 12, "beans", is_test=True),
            bought(4, "ada", 13, "beans", accepted_at=None, paid_at=None),
            bought(5, "ada", 14, "beans"),
        )
    )
    desk.read(Reading(gone=(Gone(Noun.ORDER, "5"),)))
    learnt(desk)
    assert habit(desk, "beans") == (None, None, None, 0, 1, 1)


def test_an_order_that_was_edited_holds_what_it_holds_now(desk: Desk) -> None:
    desk.read(told(bought(1, "ada", 1, "beans", "tea")))
    later = bought(1, "ada", 1, "beans", quantity=3, version=START)
    desk.read(told(later))
    rows = desk.rows("SELECT product_id, quantity FROM order_products")
    assert [(row.product_id, row.quantity) for row in rows] == [("beans", 3)]
    learnt(desk)
    assert habit(desk, "tea")[-1] == 0


def test_an_older_message_changes_nothing(desk: Desk) -> None:
    desk.read(told(bought(1, "ada", 1, "beans", version=START)))
    desk.read(told(bought(1, "ada", 1, "tea")))
    assert [row.product_id for row in desk.rows("SELECT product_id FROM order_products")] == ["beans"]


def baskets(count: int, *products: str, first: int = 0) -> list[Order]:
    return [bought(first + n, f"p{n}", 1 + n, *products) for n in range(count)]


def test_what_is_bought_together_often_enough_goes_together(desk: Desk) -> None:
    shelf = [sold(name, kind=name) for name in ("mug", "lid", "spoon", "rare")]
    desk.read(
        told(
            *shelf,
            *baskets(9, "mug", "lid"),
            *baskets(TOGETHER_AT_LEAST, "mug", "spoon", first=100),
            *baskets(TOGETHER_AT_LEAST - 1, "mug", "rare", first=200),
        )
    )
    learnt(desk)
    assert picks(desk, "mug") == [("lid", "together", 9), ("spoon", "together", 5)]
    assert picks(desk, "lid") == [("mug", "together", 9)]


def test_what_everybody_buys_does_not_crowd_out_what_belongs_to_it(desk: Desk) -> None:
    """The gift bag is in every order; the lid is bought with the mug and hardly ever without."""
    shelf = [sold(name, kind=name) for name in ("mug", "lid", "bag", "sock")]
    desk.read(
        told(
            *shelf,
            *baskets(10, "mug", "lid", "bag"),
            *baskets(12, "mug", "bag", first=100),
            *baskets(60, "sock", "bag", first=200),
        )
    )
    learnt(desk)
    assert [name for name, _, _ in picks(desk, "mug")] == ["lid", "bag"]


def test_without_enough_orders_the_category_then_the_maker_helps_within_the_price(desk: Desk) -> None:
    desk.read(
        told(
            sold("beans", vendor="Hollow Pine"),
            sold("dark", price=400),
            sold("light", price=1600),
            sold("gold", price=1601),
            sold("crumbs", price=399),
            sold("box", tags=("gift set",)),
            sold("cup", kind="Mug", vendor="Hollow Pine"),
            sold("hidden", published=False),
            sold("gone", available=False),
            sold("dollars", currency="USD"),
            sold("variation", parent_id="light"),
            sold("lamp", kind="Lamp"),
            bought(1, "ada", 1, "beans"),
            *baskets(2, "light", first=10),
        )
    )
    learnt(desk)
    assert picks(desk, "beans") == [
        ("box", "bundle", 0),
        ("light", "category", 0),
        ("dark", "category", 0),
        ("cup", "vendor", 0),
    ]


def test_a_product_is_looked_at_when_it_was_bought_since_and_once_a_day(desk: Desk) -> None:
    desk.read(told(*baskets(3, "beans"), *baskets(2, "tea", first=50)))
    assert learnt(desk) == 2
    assert learnt(desk) == 0
    desk.read(told(bought(70, "zoe", 40, "tea")))
    assert learnt(desk) == 0, "a moment ago"
    desk.now += AT_MOST_EVERY
    assert learnt(desk) == 1
    assert habit(desk, "tea")[-1] == 3


def test_nothing_is_learnt_of_another_shop(db: Database) -> None:
    mine, theirs = connect_shop(db, "a.example"), connect_shop(db, "b.example")
    mine.read(told(*baskets(1, "beans"), sold("beans")))
    theirs.read(told(*baskets(9, "beans", "tea"), sold("beans"), sold("tea", "Tea")))
    learnt(mine)
    assert (habit(mine, "beans")[-1], picks(mine, "beans")) == (1, [])
    assert picks(theirs, "beans") == [("tea", "together", 9)]


@pytest.mark.parametrize("size", [1, BATCH])
def test_a_batch_costs_the_same_statements(desk: Desk, size: int) -> None:
    desk.read(told(*(bought(n, f"p{n}", 1, f"thing{n}", "bag") for n in range(size))))
    with counted(desk.database) as seen:
        assert learn(desk.database, desk.now) == min(size + 1, BATCH)
    assert len(seen) == 7, seen


def test_learning_reads_the_orders_of_stale_products_only(desk: Desk) -> None:
    """A product that nobody bought keeps its instant and its row."""
    desk.read(told(*baskets(2, "beans"), *baskets(2, "tea", first=50)))
    learnt(desk)
    desk.now += timedelta(days=2)
    desk.read(told(bought(90, "zoe", 41, "tea")))
    learnt(desk)
    rows = desk.rows("SELECT product_id, computed_at FROM product_habits ORDER BY product_id")
    assert [(row.product_id, row.computed_at) for row in rows] == [("beans", START), ("tea", desk.now)]
