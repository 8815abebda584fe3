"""Orders that go away without a word: their journeys end before their next mail."""

from __future__ import annotations

from typing import Any

import pytest

from app.services.heal import run_poll
from app.services.polls import CUSTOMERS, HOOKS, ORDERS, TRASH
from app.services.trash import EVERY
from connectors.woocommerce.subscriptions import TOPICS
from sandbox.woocommerce.announcements import announce
from sandbox.woocommerce.orders import restore
from tests.healing.woocommerce.conftest import Site


@pytest.fixture
def waiting(site: Site) -> Site:
    """Four orders arrived and their review requests wait; messages are told."""
    site.only(HOOKS, ORDERS)
    site.polls()
    for number in range(4):
        order = site.store.order(email=f"b{number}@example.com")
        site.later(seconds=5)
        site.store.act(order, "ship")
        site.later(seconds=5)
        site.store.act(order, "deliver")
    site.later(seconds=5)
    site.hear()
    site.errands()
    assert len(open_orders(site)) == 4
    return site


def open_orders(site: Site) -> list[str]:
    return [
        row.order_id
        for row in site.rows("SELECT DISTINCT order_id FROM journeys WHERE status = 'active' ORDER BY 1")
    ]


def waits(site: Site) -> set[str]:
    found = site.rows("SELECT order_id FROM messages WHERE state IN ('due', 'claimed')")
    return {*open_orders(site), *(row.order_id for row in found)}


def look(site: Site) -> list[str]:
    site.calls.clear()
    site.only(TRASH)
    site.polls()
    site.errands()
    return list(site.calls)


def test_orders_that_are_there_cost_one_request(waiting: Site) -> None:
    assert look(waiting) == ["GET orders"]
    assert waiting.due_in(TRASH) == EVERY
    assert len(open_orders(waiting)) == 4


@pytest.mark.parametrize("forced", [False, True])
def test_a_trashed_and_a_deleted_order_end_what_waits_for_them(waiting: Site, forced: bool) -> None:
    first, *others = open_orders(waiting)
    waiting.store.post("/sandbox/quirks", {"drop": True})
    waiting.store.rest("DELETE", f"orders/{first}", params={"force": str(forced).lower()})
    waiting.later(minutes=1)
    assert waiting.hear() == 0, "nobody tells of it"
    assert look(waiting) == ["GET orders", f"GET orders/{first}"]
    assert waiting.one("SELECT body->>'state' FROM orders WHERE id = :id", id=first) == "gone"
    assert waits(waiting) == set(others)
    query = "SELECT DISTINCT end_reason FROM journeys WHERE order_id = :id AND status = 'ended'"
    assert [row.end_reason for row in waiting.rows(query, id=first)] == ["OrderDeleted"]
    assert look(waiting) == ["GET orders"], "what is known to be gone is not asked for again"


def test_what_is_not_listed_and_yet_there_is_left_alone(waiting: Site, monkeypatch: Any) -> None:
    """A list that leaves out what it should not: only the store's own word on the order itself counts."""
    monkeypatch.setattr("connectors.woocommerce.listings.standing", lambda store, ids: set())
    before = waits(waiting)
    assert sorted(look(waiting)) == sorted(f"GET orders/{one}" for one in before)
    assert waits(waiting) == before


def test_a_hundred_are_asked_for_at_once_and_a_killed_look_goes_on(waiting: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.services.trash.AT_ONCE", 2)
    waiting.calls.clear()
    waiting.only(TRASH)
    assert run_poll(waiting.database, waiting.stores, waiting.now, waiting.real, lambda: True)
    assert waiting.calls == ["GET orders"]
    cursor = waiting.one("SELECT cursor FROM polls WHERE noun = 'trash'")
    assert cursor == open_orders(waiting)[1]
    waiting.polls()
    assert waiting.calls == ["GET orders"] * 2 and waiting.due_in(TRASH) == EVERY


def test_where_nothing_waits_nothing_is_asked_and_nothing_learned_of_the_store(site: Site) -> None:
    """A store that no longer lets us in, or fails, is not taken for a good one by that."""
    site.rows("UPDATE shops SET state = 'needs_reconnect', problem = 'a lost key' RETURNING 1")
    site.rows(
        "INSERT INTO store_health (shop_id, failures, failing_since) VALUES (:shop, 2, :real) RETURNING 1",
        shop=site.shop_id,
        real=site.real,
    )
    for noun in (TRASH, CUSTOMERS):
        site.only(noun)
        site.polls()
        assert site.rows("SELECT error FROM polls WHERE noun = :noun", noun=noun)[0].error is None
    assert site.calls == []
    assert site.one("SELECT state FROM shops") == "needs_reconnect" and site.health().failures == 2


def hint(site: Site, topic: str, order_id: str) -> None:
    """What the store says, whatever is true."""
    announce(site.shop(), topic, int(order_id), {"id": int(order_id)})
    site.hear()


def test_a_delete_message_alone_ends_nothing(waiting: Site) -> None:
    assert "order.deleted" in TOPICS
    first = open_orders(waiting)[0]
    before = waits(waiting)
    waiting.calls.clear()
    hint(waiting, "order.deleted", first)
    assert waits(waiting) == before and waiting.calls == []
    waiting.errands()
    assert waiting.calls == [f"GET orders/{first}"] and waits(waiting) == before


def test_trashed_told_and_taken_out_again(waiting: Site) -> None:
    first = open_orders(waiting)[0]
    waiting.store.rest("DELETE", f"orders/{first}")
    waiting.later(seconds=5)
    waiting.hear()
    waiting.errands()
    assert first not in waits(waiting)
    waiting.later(seconds=5)
    restore(waiting.shop(), waiting.shop().read("order", first), waiting.shop().now())
    waiting.hear()
    assert waiting.one("SELECT body->>'state' FROM orders WHERE id = :id", id=first) == "open"
    assert first not in open_orders(waiting), "and yet nothing begins a second time"
