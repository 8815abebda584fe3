"""Asked for by us and sent by the shop: once, whatever is lost on the way, and ours stays back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.services.heal import run_poll
from app.services.held_mails import settle_held
from app.services.polls import poke
from app.services.store_writes import run_write
from sandbox.woocommerce.own_mails import note_mail
from tests.quirks.held import (
    PROCESSING,
    held,
    sent,
    settled,
    stored,
    stuck,
    turned_off,
    unheard,
)
from tests.quirks.living import Home

RENEWAL = "customer_processing_renewal_order"


def _gap(home: Home) -> Any:
    shop = home.store.stores.named(home.store.shop)
    plugin = shop.read("shop", "plugin") or {}
    shop.write("shop", "plugin", plugin | {"received_at": plugin["received_at"] - 1860})
    return home.order()


def _not_connected(home: Home) -> Any:
    home.store.stores.named(home.store.shop).forget("shop", "plugin")
    return home.order()


def _renewed(home: Home) -> Any:
    """Another plugin's mail, which nobody holds back."""
    order = unheard(home)
    shop, body = stored(home, order)
    note_mail(shop, body, RENEWAL, sent=True)
    shop.write("order", order["id"], body)
    home.look("orders")
    return order


@pytest.mark.parametrize("way", [_gap, _not_connected, _renewed])
def test_where_the_shop_wrote_ours_is_not_sent(home: Home, way: Any) -> None:
    order = way(home)
    home.rest()
    assert home.steps() == []
    (row,) = home.rows("SELECT state, reason FROM messages WHERE order_id = :id", id=order["id"])
    assert (row.state, row.reason) == ("skipped", "shop_wrote")
    home.look("hooks")
    assert home.steps() == []


def test_ours_is_kept_back_from_the_moment_that_the_shops_is_asked_for(home: Home) -> None:
    """Also where the order is read once more before the shop has heard of it."""
    order = stuck(home)
    home.later(minutes=16)
    home.mailbox.answer = "250 OK"
    at = home.runtime
    assert settle_held(at.database, home.shop.shop_id, home.now(), home.real()) == 1
    assert home.one("SELECT state || ' ' || reason FROM messages") == "cancelled shop_wrote"
    said = "SELECT body->'shop_wrote' ? 'customer_processing_order' FROM orders WHERE id = :id"
    assert home.rows(said, id=order["id"])[0][0]
    with at.database.shops(home.shop.shop_id) as session:
        poke(session, home.shop.shop_id, "orders", home.real() - timedelta(days=1))
    assert run_poll(at.database, at.stores(), home.now(), home.real(), lambda: False)
    assert sent(home, order) == []
    assert home.rows(said, id=order["id"])[0][0], "read again"
    home.rest()
    assert (home.steps(), sent(home, order)) == ([], [PROCESSING])


def test_what_was_answered_and_not_heard_is_not_sent_twice(home: Home) -> None:
    order = turned_off(home)
    settled(home)
    home.rows("UPDATE store_writes SET state = 'open', next_at = :at RETURNING 1", at=home.real())
    assert run_write(home.runtime.database, home.runtime.stores(), home.real())
    (row,) = home.rows("SELECT state, answer FROM store_writes WHERE kind = 'release_mail'")
    assert row.state == "done" and '"already":true' in row.answer.replace(" ", "")
    assert sent(home, order) == [PROCESSING]


def test_a_plugin_that_is_away_when_it_is_asked_is_asked_again(home: Home) -> None:
    """Switched off for some minutes, or for a day; the shop itself answers and is not left alone."""
    order = turned_off(home)
    home.look("orders")
    home.quirks(no_plugin=True)
    settled(home)
    for _ in range(5):
        home.later(hours=5)
        home.look("orders", "hooks")
    assert sent(home, order) == []
    assert home.one("SELECT state FROM store_writes WHERE kind = 'release_mail'") == "open"
    home.rows("UPDATE store_writes SET next_at = :at RETURNING 1", at=home.real())
    assert run_write(home.runtime.database, home.runtime.stores(), home.real())
    assert home.one("SELECT failures FROM store_health") == 0
    home.quirks(no_plugin=False)
    home.later(hours=1)
    home.rest()
    assert sent(home, order) == [PROCESSING]


def test_whoever_leaves_is_asked_for_nothing(home: Home) -> None:
    order = turned_off(home)
    home.look("orders")
    home.store.post("/sandbox/plugin/uninstall", {})
    home.later(minutes=20)
    home.rest()
    assert held(home) == {} and sent(home, order) == []
