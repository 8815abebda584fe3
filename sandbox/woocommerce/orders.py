"""The life of one order after it was placed: every change is saved and told in one place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.store import Refusal
from sandbox.woocommerce import own_mails, stock
from sandbox.woocommerce.announcements import announce, tell_hook
from sandbox.woocommerce.plugin_messages import hint
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.statuses import is_editable, means_paid, needs_payment

Order = dict[str, Any]


def order_of(shop: Shop, id: str | int) -> Order:
    """Raises Refusal 404."""
    order = shop.read("order", id)
    if order is None:
        raise Refusal(404, f"there is no order {id}")
    return order


def save(shop: Shop, order: Order, now: datetime) -> None:
    """Writes an order that was changed at `now`, with everything that follows from its state."""
    order |= shop.stamps("date_modified", now)
    order["needs_payment"] = needs_payment(order["status"], order["total"])
    order["is_editable"] = is_editable(order["status"])
    shop.write("order", order["id"], order)


def change(shop: Shop, order: Order, now: datetime) -> None:
    """Saves and tells the world."""
    with shop.documents.transaction():
        save(shop, order, now)
        announce(shop, "order.updated", order["id"])


def set_status(shop: Shop, order: Order, status: str, now: datetime) -> None:
    """Moves the order on and keeps the dates and the stock that belong to it; does not save."""
    if means_paid(status) and order["date_paid_gmt"] is None:
        order |= shop.stamps("date_paid", now)
    if status == "completed" and order["date_completed_gmt"] is None:
        order |= shop.stamps("date_completed", now)
    if status == "cancelled":
        stock.give_back(shop, order, now)
    before, order["status"] = order["status"], status
    if before != status:
        own_mails.on_status(shop, order, before, status)
        for hook in (f"woocommerce_order_status_{status}", "woocommerce_order_status_changed"):
            tell_hook(shop, hook, order["id"], order["id"])
        # At a checkout of blocks the draft becomes a pending order first, which nobody hears of.
        hint(shop, order["id"], "status", "pending" if before == "checkout-draft" else before, status)


def trash(shop: Shop, order: Order, now: datetime) -> None:
    with shop.documents.transaction():
        shop.write("before_trash", order["id"], {"status": order["status"]})
        order["status"] = "trash"
        save(shop, order, now)
        announce(shop, "order.deleted", order["id"])


def restore(shop: Shop, order: Order, now: datetime) -> None:
    """Raises Refusal 409."""
    before = shop.read("before_trash", order["id"])
    if order["status"] != "trash" or before is None:
        raise Refusal(409, "the order is not in the trash")
    with shop.documents.transaction():
        order["status"] = before["status"]
        save(shop, order, now)
        announce(shop, "order.restored", order["id"])


def add_note(
    shop: Shop, order: Order, text: str, now: datetime, *, to_customer: bool = False
) -> dict[str, Any]:
    """Notes tell nobody: they set no date of change and send no webhook."""
    id = shop.number("note")
    path = f"orders/{order['id']}/notes"
    note = {
        "id": id,
        "author": "WooCommerce",
        **shop.stamps("date_created", now),
        "note": text,
        "customer_note": to_customer,
        "_links": {
            **shop.links(path, id, ("GET", "DELETE")),
            "up": [{"href": shop.api(f"orders/{order['id']}")}],
        },
    }
    shop.write(f"note/{order['id']}", id, note)
    if to_customer:
        own_mails.on_note(shop, order)
        told = {"order_id": order["id"], "customer_note": text}
        tell_hook(shop, "woocommerce_new_customer_note", order["id"], told)
    return note


def set_meta(shop: Shop, order: Order, key: str, value: Any) -> None:
    for entry in order["meta_data"]:
        if entry["key"] == key:
            entry["value"] = value
            return
    order["meta_data"].append({"id": shop.number("meta"), "key": key, "value": value})


def meta_of(order: Order, key: str) -> Any:
    return next((entry["value"] for entry in order["meta_data"] if entry["key"] == key), None)
