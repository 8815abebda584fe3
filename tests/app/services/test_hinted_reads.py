"""Orders that the plugin told of, read together: one call, and nothing that was told is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.services.connection import close_generation
from app.services.errands import run_errand
from app.services.hinted_reads import MOST, read_hinted
from app.services.intake import ask_stores
from app.services.plugin_hints import take_hint
from connectors.base import Noun, Wish
from connectors.woocommerce.plugin_message import Hint
from tests.app.desk import START, Desk, connect_shop
from tests.app.services.plugin_standin import Plugin, plugin_standin
from tests.app.services.statements import counted
from tests.app.web.conftest import recording

LATER = START + timedelta(minutes=2)


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with plugin_standin() as held:
        yield held


def an_order(number: str, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(recording("order.created.paid"))
    at = (START + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S")
    dates = dict.fromkeys(("date_created_gmt", "date_modified_gmt", "date_paid_gmt"), at)
    return {**body, "id": int(number), "number": number, **dates, **changes}


def told(desk: Desk, *numbers: str, late: float = 0) -> None:
    for number in numbers:
        at = LATER + timedelta(seconds=late)
        assert take_hint(desk.database, desk.shop_id, Hint(number, "hint: status", True), at) == "asked"


def read(desk: Desk, plugin: Plugin, late: float = 5) -> bool:
    at = LATER + timedelta(seconds=late)
    return read_hinted(desk.database, plugin.stores(desk), at, at)


def one(desk: Desk, plugin: Plugin, late: float = 5) -> bool:
    at = LATER + timedelta(seconds=late)
    return run_errand(desk.database, plugin.stores(desk), at, at)


def wishes(desk: Desk) -> dict[str, tuple[int, str]]:
    return {row.id: (row.attempts, row.state) for row in desk.rows("SELECT * FROM wishes ORDER BY id")}


def orders(desk: Desk) -> set[str]:
    return {row.id for row in desk.rows("SELECT id FROM orders")}


def test_many_are_one_call_and_each_gets_its_mail(desk: Desk, plugin: Plugin) -> None:
    numbers = [str(number) for number in range(101, 101 + MOST + 10)]
    plugin.orders = {number: an_order(number) for number in numbers}
    told(desk, *numbers)
    assert read(desk, plugin) and len(orders(desk)) == MOST and plugin.asked == ["orders"]
    assert read(desk, plugin) and not read(desk, plugin)
    assert orders(desk) == set(numbers) and wishes(desk) == {} and plugin.asked == ["orders", "orders"]
    assert len(desk.rows("SELECT 1 FROM messages WHERE flow_key = 'order_confirmation'")) == len(numbers)


def test_statements_do_not_grow_with_the_orders(desk: Desk, plugin: Plugin) -> None:
    spent = []
    for first, many in ((200, 1), (300, 40)):
        numbers = [str(first + number) for number in range(many)]
        plugin.orders = {number: an_order(number) for number in numbers}
        # Each somebody's first: what follows from one placed again is counted elsewhere.
        for number, one in plugin.orders.items():
            one["billing"] = {**one["billing"], "email": f"p{number}@example.com"}
            one["customer_id"] = int(number)
        told(desk, *numbers)
        with counted(desk.database) as statements:
            assert read(desk, plugin)
        spent.append(len(statements))
    assert spent[0] == spent[1]


def test_what_there_is_not_costs_nothing_more(desk: Desk, plugin: Plugin) -> None:
    """A flood of orders that do not exist: one call, no row, no further read."""
    told(desk, *map(str, range(1, MOST + 1)))
    assert read(desk, plugin) and not read(desk, plugin) and not one(desk, plugin)
    assert (plugin.asked, wishes(desk), orders(desk)) == (["orders"], {}, set())


def test_an_order_that_we_know_and_the_store_no_longer_lists_is_looked_at(desk: Desk, plugin: Plugin) -> None:
    plugin.orders = {"7": an_order("7")}
    told(desk, "7")
    read(desk, plugin)
    assert orders(desk) == {"7"}
    plugin.orders.clear()
    told(desk, "7", "8", late=10)
    assert read(desk, plugin, 20)
    assert wishes(desk) == {"7": (1, "open")}, "whoever we never heard of has nothing to lose"
    assert one(desk, plugin, 20) and plugin.asked[-1] == "orders/7"
    (row,) = desk.rows("SELECT body->>'state' AS state FROM orders")
    assert row.state == "gone" and wishes(desk) == {}


def test_a_change_that_is_told_while_we_read_is_read_again(desk: Desk, plugin: Plugin) -> None:
    plugin.orders = {"7": an_order("7"), "8": an_order("8")}
    told(desk, "7", "8")
    plugin.meanwhile = lambda: told(desk, "7", late=6)
    assert read(desk, plugin)
    assert wishes(desk) == {"7": (0, "open")}
    assert not read(desk, plugin, 6.5), "a moment later"
    assert read(desk, plugin, 8) and wishes(desk) == {}


def test_one_bad_order_stops_no_other(desk: Desk, plugin: Plugin) -> None:
    plugin.orders = {"7": an_order("7", date_created_gmt=None, date_modified_gmt=None), "8": an_order("8")}
    told(desk, "7", "8")
    assert read(desk, plugin)
    assert orders(desk) == {"8"}
    (row,) = desk.rows("SELECT id, reason FROM wishes")
    assert row.id == "7" and row.reason.startswith("unreadable in a listing")


def test_a_store_that_fails_loses_none_of_it(desk: Desk, plugin: Plugin) -> None:
    plugin.orders = {"7": an_order("7"), "8": an_order("8")}
    told(desk, "7", "8")
    plugin.broken = 500
    assert read(desk, plugin)
    assert wishes(desk) == {"7": (1, "open"), "8": (1, "open")}
    assert not read(desk, plugin, 60), "left to the errands"
    plugin.broken = 0
    while one(desk, plugin, 3600):
        pass
    assert orders(desk) == {"7", "8"} and wishes(desk) == {}


def test_a_shop_that_leaves_meanwhile_is_told_nothing_of(desk: Desk, plugin: Plugin) -> None:
    plugin.orders = {"7": an_order("7")}
    told(desk, "7")

    def leave() -> None:
        with desk.database.shops(desk.shop_id) as session:
            close_generation(session, desk.shop_id, LATER)

    plugin.meanwhile = leave
    assert read(desk, plugin)
    assert orders(desk) == set() and wishes(desk) == {}


def test_of_two_shops_the_first_told_comes_first_and_none_reads_the_other_s(
    desk: Desk, plugin: Plugin
) -> None:
    other = connect_shop(desk.database, "other.example")
    plugin.orders = {"7": an_order("7")}
    told(desk, "7")
    told(other, "7", late=1)
    assert read(desk, plugin)
    assert (orders(desk), orders(other)) == ({"7"}, set())
    with desk.database.crossing() as session:
        (left,) = session.execute(text("SELECT shop_id, attempts FROM wishes")).all()
    assert (left.shop_id, left.attempts) == (other.shop_id, 0)


def test_what_is_no_hint_is_left_to_the_errands(desk: Desk, plugin: Plugin) -> None:
    with desk.database.shops(desk.shop_id) as session:
        ask_stores(session, [(desk.shop_id, Wish(Noun.ORDER, "7", "order.deleted is only a hint"))], START)
    assert not read(desk, plugin)
    assert wishes(desk) == {"7": (0, "open")}
