"""What a merchant can do with an order of this platform, by the names of the control routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.control import wanted_pieces
from sandbox.store import Refusal
from sandbox.woocommerce import orders, refunds, shipments, tax
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.statuses import settable

Arguments = dict[str, Any]
Action = Callable[[Shop, orders.Order, Arguments, datetime], dict[str, Any]]

_CLOSED = ("cancelled", "refunded", "failed", "trash", "checkout-draft")


def act(shop: Shop, order_id: str, name: str, arguments: Arguments, now: datetime) -> dict[str, Any]:
    """Raises Refusal."""
    all_of_them = ACTIONS | OFF_THE_BAR
    action, known = all_of_them.get(name, (None, frozenset()))
    if action is None:
        raise Refusal(400, f"WooCommerce knows no “{name}”: {', '.join(all_of_them)}")
    unknown = set(arguments) - known
    if unknown:
        raise Refusal(400, f"unknown: {', '.join(sorted(unknown))}")
    with shop.documents.transaction():
        return action(shop, orders.order_of(shop, order_id), arguments, now)


def _ship(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    _refuse(order, *_CLOSED, "pending", "on-hold")
    pieces = _pieces(arguments)
    carrier, number = str(arguments.get("carrier") or ""), str(arguments.get("tracking_number") or "")
    return {"parcel_id": shipments.ship(shop, order, pieces, carrier, number, now)}


def _deliver(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    _refuse(order, *_CLOSED)
    parcel = arguments.get("parcel_id")
    if shipments.arrive(shop, order, None if parcel is None else str(parcel), now):
        return {"status": order["status"]}
    note = "WooCommerce knows no arrival of one parcel: its status changes with the last one."
    return {"status": order["status"], "note": note}


def _delay(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    orders.add_note(shop, order, "The carrier reports a delay.", now)
    note = "WooCommerce knows no delay: a note was added to the order, nothing else changes."
    return {"status": order["status"], "note": note}


def _cancel(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    _refuse(order, *_CLOSED)
    return _to(shop, order, "cancelled", now)


def _refund(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    _refuse(order, "cancelled", "refunded", "failed", "trash", "checkout-draft", "pending", "on-hold")
    pieces = _pieces(arguments)
    if pieces is None:
        back = refunds.all_back(shop, order)
        amount = tax.minor(order["total"]) - refunds.refunded_minor(order)
        reason = "Everything taken back"
    else:
        back = refunds.pieces_back(shop, order, pieces)
        amount = sum(line.net + line.tax for line in back)
        reason = "Taken back"
    refund = refunds.give(shop, order, amount, back, reason, now)
    return {"refund_id": str(refund["id"]), "status": order["status"]}


def _trash(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    _refuse(order, "trash")
    orders.trash(shop, order, now)
    return {"status": order["status"]}


def _delete(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    """For good: the platform tells nobody."""
    shop.forget("order", order["id"])
    return {"deleted": True}


def _status(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    """Any word of the list in the back office, the merchant's own included."""
    known = settable(shop.quirks()["custom_statuses"])
    if arguments.get("status") not in known:
        raise Refusal(400, f"status is one of: {', '.join(known)}")
    return _to(shop, order, arguments["status"], now)


def _correct(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    """Another number for a parcel that has left."""
    parcel, number = str(arguments.get("parcel_id") or ""), str(arguments.get("tracking_number") or "")
    shipments.correct(shop, order, parcel, number, now)
    return {"status": order["status"]}


def _restore(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    orders.restore(shop, order, now)
    return {"status": order["status"]}


def _pay(shop: Shop, order: orders.Order, arguments: Arguments, now: datetime) -> dict[str, Any]:
    if order["status"] not in ("on-hold", "pending"):
        raise Refusal(409, f"the order is {order['status']}: it does not wait for money")
    return _to(shop, order, "processing", now)


ACTIONS: dict[str, tuple[Action, frozenset[str]]] = {
    "pay": (_pay, frozenset()),
    "ship": (_ship, frozenset({"lines", "carrier", "tracking_number"})),
    "deliver": (_deliver, frozenset({"parcel_id"})),
    "delay": (_delay, frozenset({"parcel_id"})),
    "cancel": (_cancel, frozenset()),
    "refund": (_refund, frozenset({"lines"})),
    "trash": (_trash, frozenset()),
    "restore": (_restore, frozenset()),
}
# Not on the merchant's bar of the storefront: these need a word or a number beside them, or leave no trace.
OFF_THE_BAR: dict[str, tuple[Action, frozenset[str]]] = {
    "delete": (_delete, frozenset()),
    "status": (_status, frozenset({"status"})),
    "correct": (_correct, frozenset({"parcel_id", "tracking_number"})),
}


def _to(shop: Shop, order: orders.Order, status: str, now: datetime) -> dict[str, Any]:
    orders.set_status(shop, order, status, now)
    orders.change(shop, order, now)
    return {"status": status}


def _pieces(arguments: Arguments) -> list[tuple[str, int]] | None:
    lines = arguments.get("lines")
    return None if lines is None else wanted_pieces(lines, "line_id")


def _refuse(order: orders.Order, *statuses: str) -> None:
    if order["status"] in statuses:
        raise Refusal(409, f"the order is {order['status']}")
