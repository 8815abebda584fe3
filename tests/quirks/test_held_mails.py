"""A mail of the shop's own that was held back is replaced by ours, or the shop sends it after all: whatever
happens in between, the customer is written to, and once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.words.plans import FREE
from sandbox.woocommerce import shipments
from tests.quirks.held import (
    COMPLETED,
    PROCESSING,
    held,
    sent,
    settled,
    stored,
    stuck,
    turned_off,
    unheard,
)
from tests.quirks.living import CONFIRMED, SHIPPED, SHOPPER, Home

UNREACHABLE = "taro..y@docomo.ne.jp"


def _absent(home: Home) -> Any:
    order = unheard(home)
    home.later(hours=13)
    return order


def _suppressed(home: Home) -> Any:
    home.mailbox.refused = SHOPPER
    home.order()
    home.rest()
    home.mailbox.refused = ""
    order = home.order()
    home.rest()
    assert home.one("SELECT count(*) FROM suppressions") == 1
    return order


def _refused(home: Home) -> Any:
    home.mailbox.refused = SHOPPER
    order = home.order()
    home.rest()
    return order


def _invalid(home: Home) -> Any:
    order = home.order(email=UNREACHABLE)
    home.rest()
    return order


def _fees_only(home: Home) -> Any:
    order = unheard(home)
    shop, body = stored(home, order)
    fee = {"id": 1, "name": "A workshop", "total": body["total"], "total_tax": "0.00", "taxes": []}
    shop.write("order", order["id"], body | {"line_items": [], "fee_lines": [fee]})
    return order


def _cancelled_then_paid(home: Home) -> Any:
    order = home.order(payment="bank_transfer")
    home.rest()
    for status in ("cancelled", "processing"):
        home.later(seconds=30)
        home.store.act(order, "status", status=status)
        home.rest()
    return order


def _plan_used_up(home: Home) -> Any:
    order = unheard(home)
    for sql in (
        "UPDATE shops SET billed = true WHERE id = :shop RETURNING 1",
        "INSERT INTO orders (shop_id, id, version, number, placed_at, body, counted_at)"
        " SELECT :shop, 'x' || n, :at, n::text, :at, '{}', :at FROM generate_series(1, :n) n RETURNING 1",
    ):
        home.rows(sql, at=home.now(), n=FREE.orders)
    return order


WAYS: tuple[Callable[[Home], Any], ...] = (
    turned_off, _absent, _suppressed, _refused, _invalid, _fees_only, _cancelled_then_paid, _plan_used_up,
    stuck,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_where_ours_does_not_leave_the_shops_own_does_and_once(home: Home, way: Any) -> None:
    order = way(home)
    assert PROCESSING not in sent(home, order), "it was held back"
    settled(home)
    home.mailbox.answer = "250 OK"
    home.later(hours=2)
    home.look("orders", "hooks")
    ours = [
        row.state
        for row in home.rows(
            "SELECT state FROM messages WHERE order_id = :order AND flow_key = 'order_confirmation'",
            order=order["id"],
        )
    ]
    assert sent(home, order).count(PROCESSING) + ours.count("sent") == 1, (sent(home, order), ours)
    assert "customer_cancelled_order" not in sent(home, order), "it is not so any more"
    (state,) = home.rows(
        "SELECT state FROM held_mails WHERE order_id = :order AND mail = :mail",
        order=order["id"],
        mail=PROCESSING,
    )
    assert state.state == ("replaced" if "sent" in ours else "released")


@pytest.mark.parametrize("way", [turned_off, _suppressed, _refused, _invalid, _plan_used_up, stuck])
def test_these_are_for_the_shop_to_send(home: Home, way: Any) -> None:
    order = way(home)
    settled(home)
    assert sent(home, order) == [PROCESSING]


def test_ours_of_another_part_does_not_replace_it(home: Home) -> None:
    """One line has left and was told; days later the merchant calls the order completed, and says no more."""
    home.quirks(fulfillments=True)
    two = [one["sku"] for one in home.store.read("products", per_page="50") if _is_plain(one)][:2]
    order = home.order(*two)
    home.rest()
    shop, body = stored(home, order)
    with shop.documents.transaction():
        first = body["line_items"][0]
        shipments.ship(shop, body, [(str(first["id"]), first["quantity"])], "dhl", "0034001", shop.now())
    home.rest()
    assert home.steps().count(SHIPPED) == 1
    for _ in range(5):
        home.later(minutes=8)
        home.look("orders", "hooks")
    home.store.act(order, "status", status="completed")
    home.rest()
    assert COMPLETED not in sent(home, order), "it was held back"
    settled(home)
    assert (home.steps().count(SHIPPED), sent(home, order)) == (1, [COMPLETED])


def _is_plain(product: Any) -> bool:
    return bool(product["sku"]) and product["type"] == "simple" and not product["virtual"]


def test_ours_that_left_replaces_it(home: Home) -> None:
    order = home.order()
    home.rest()
    home.store.act(order, "status", status="completed")
    home.rest()
    assert held(home) == {PROCESSING: "held", COMPLETED: "held"}
    settled(home)
    assert held(home) == {PROCESSING: "replaced", COMPLETED: "replaced"}
    assert (home.steps(), sent(home, order)) == ([CONFIRMED, SHIPPED], [])
    assert home.rows("SELECT 1 FROM store_writes WHERE kind = 'release_mail'") == []


def test_nothing_is_asked_for_before_a_quarter_of_an_hour(home: Home) -> None:
    order = turned_off(home)
    home.later(minutes=13)
    home.look("orders")
    home.look("hooks")
    assert (held(home), sent(home, order)) == ({PROCESSING: "held"}, [])
