"""What it costs to ask a shop in which nothing happened, and that a longer list costs no more statements."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services.polls import HISTORY, HOOKS, ORDERS, TRASH
from tests.app.services.statements import counted
from tests.healing.woocommerce.conftest import Site
from tests.proof import Figure


def look(site: Site, noun: str) -> tuple[list[str], int]:
    """The calls and the number of statements of one look."""
    site.only(noun)
    site.calls.clear()
    with counted(site.database) as seen:
        site.turn()
    return list(site.calls), len(seen)


def test_an_unchanged_shop_is_one_request_and_the_same_statements_each_time(
    site: Site, figure: Figure
) -> None:
    site.only(ORDERS, HOOKS, HISTORY)
    while site.polls():
        site.later(seconds=2)
    costs = set()
    for orders in (0, 30):
        for _ in range(orders):
            site.store.order()
        site.hear()
        site.later(minutes=25)
        for _ in range(2):  # what has just changed is looked at twice
            look(site, ORDERS)
            site.later(minutes=25)
        calls, statements = look(site, ORDERS)
        assert calls == ["GET orders"], "however much is stored"
        costs.add(statements)
    assert site.one("SELECT count(*) FROM orders") == 40
    figure("statements", costs.pop())
    assert not costs


def test_a_look_at_many_changes_costs_the_statements_of_one(site: Site) -> None:
    site.only(ORDERS, HOOKS)
    site.polls()
    site.store.post("/sandbox/quirks", {"drop": True})
    site.store.order()  # everybody who orders below has ordered before
    site.later(minutes=25)
    look(site, ORDERS)
    site.later(minutes=30)
    costs = set()
    for orders in (1, 25):
        for _ in range(orders):
            site.store.order()
        site.later(minutes=1)
        calls, statements = look(site, ORDERS)
        assert calls == ["GET orders"]
        costs.add(statements)
        site.later(minutes=30)
        look(site, ORDERS)
    assert len(costs) == 1, costs


@pytest.mark.parametrize("noun", [HOOKS, TRASH])
def test_the_other_looks_are_one_request_too(site: Site, noun: str) -> None:
    site.only(HOOKS)
    site.polls()
    for _ in range(3):
        order = site.store.order()
        site.later(seconds=5)
        site.store.act(order, "ship")
        site.store.act(order, "deliver")
    site.hear()
    site.errands()
    site.later(minutes=20)
    calls, _ = look(site, noun)
    assert calls == [{HOOKS: "GET webhooks", TRASH: "GET orders"}[noun]]


def test_the_past_is_told_as_it_comes(site: Site) -> None:
    """The store's own count is there from the first page."""
    site.only(HISTORY)
    assert site.turn()
    row = site.rows("SELECT done, total, next_at = 'infinity' AS over FROM polls WHERE noun = 'history'")[0]
    assert (row.done, row.total, row.over) == (10, 10, True)
    placed = [one.placed_at for one in site.rows("SELECT placed_at FROM orders")]
    assert min(placed) > site.now - timedelta(days=731) and len(placed) == 10
