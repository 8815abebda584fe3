"""Of what was called off or given back the customer hears from one of both, each time anew."""

from __future__ import annotations

from app.services.switches import switch_off, switch_on
from tests.quirks.held import (
    PROCESSING,
    held,
    lost,
    sent,
    settled,
    turned_off,
)
from tests.quirks.living import SHOPPER, Home


def _tells(home: Home, *, on: bool = True) -> None:
    with home.runtime.database.shops(home.shop.shop_id) as session:
        (switch_on if on else switch_off)(session, home.shop.shop_id, "cancel_refund_exchange", home.now())


def test_money_that_goes_back_twice_is_told_twice_and_by_one_of_both(home: Home) -> None:
    order = home.order("LK-SHADE-30", "LK-CANDLE-6")
    home.rest()
    home.store.act(order, "refund", lines=[{"line_id": order["line_ids"][0], "quantity": 1}])
    home.rest()
    assert lost(home, order) == (["refunded"], [])
    home.later(minutes=20)
    home.look("orders")
    home.mailbox.refused = SHOPPER
    home.store.act(order, "refund")
    home.rest()
    assert lost(home, order) == (["refunded"], []), "held back"
    settled(home)
    assert lost(home, order) == (["refunded"], ["customer_refunded_order"])


def test_a_refund_that_the_shop_told_says_nothing_of_the_next(home: Home) -> None:
    _tells(home, on=False)
    home.later(seconds=12)
    home.look("hooks")
    order = home.order("LK-SHADE-30", "LK-CANDLE-6")
    home.rest()
    one, two = order["line_ids"]
    home.store.act(order, "refund", lines=[{"line_id": one, "quantity": 1}])
    home.rest()
    assert lost(home, order) == ([], ["customer_partially_refunded_order"])
    _tells(home)
    home.look("hooks")
    home.store.act(order, "refund", lines=[{"line_id": two, "quantity": 1}])
    home.rest()
    ours, theirs = lost(home, order)
    assert len(ours + theirs) == 2, (ours, theirs)


def test_a_cancellation_is_told_by_one_of_both(home: Home) -> None:
    order = home.order()
    home.rest()
    home.store.act(order, "cancel")
    home.rest()
    assert lost(home, order) == ([], []), "held back, and ours waits for the money"
    home.later(minutes=11)
    home.look("orders")
    assert lost(home, order) == (["cancelled"], [])
    settled(home)
    assert lost(home, order) == (["cancelled"], [])


def test_what_is_over_by_then_is_not_said(home: Home) -> None:
    order = turned_off(home)
    home.store.act(order, "cancel")
    settled(home)
    assert (sent(home, order), held(home)[PROCESSING]) == ([], "released")
    assert lost(home, order) == (["cancelled"], [])
