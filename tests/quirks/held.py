"""What the tests of held mails look at and bring about."""

from __future__ import annotations

from typing import Any

from app.services.switches import switch_off
from tests.quirks.living import Home

PROCESSING, COMPLETED = "customer_processing_order", "customer_completed_order"


def sent(home: Home, order: Any) -> list[str]:
    """By the shop itself, to whoever ordered."""
    mine = [one for one in home.store.get("/sandbox/mails") if one["order"] == order["id"]]
    return [one["id"] for one in mine if one["sent"] and one["id"].startswith("customer_")]


def held(home: Home) -> dict[str, str]:
    return {row.mail: row.state for row in home.rows("SELECT mail, state FROM held_mails")}


def stored(home: Home, order: Any) -> tuple[Any, Any]:
    shop = home.store.stores.named(home.store.shop)
    return shop, shop.read("order", order["id"])


def settled(home: Home) -> None:
    home.later(minutes=16)
    home.look("orders")
    home.look("hooks")


def unheard(home: Home) -> Any:
    """An order that nobody tells us of before we look by ourselves."""
    home.quirks(drop=True, hints=False)
    return home.order()


def turned_off(home: Home) -> Any:
    order = unheard(home)
    with home.runtime.database.shops(home.shop.shop_id) as session:
        switch_off(session, home.shop.shop_id, "order_confirmation", home.now())
    home.later(seconds=12)
    return order


def stuck(home: Home) -> Any:
    """Ours waits for a server that lets nobody in for hours."""
    home.mailbox.answer = "451 later"
    order = home.order()
    home.rest()
    assert home.one("SELECT state FROM messages") == "due"
    return order


LOST = ("customer_cancelled_order", "customer_partially_refunded_order", "customer_refunded_order")


def lost(home: Home, order: Any) -> tuple[list[str], list[str]]:
    """Ours and the shop's, of what was called off or given back."""
    ours = home.rows(
        "SELECT step FROM messages WHERE order_id = :id AND flow_key = 'cancel_refund_exchange'"
        " AND state = 'sent' ORDER BY id",
        id=order["id"],
    )
    return [row.step for row in ours], [one for one in sent(home, order) if one in LOST]
