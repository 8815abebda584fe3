"""The merchant's side of the pages: one button press becomes one action of the store."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.store import OrderSummary, Refusal, StoreFront

_OF_LINES = {"ship", "refund"}


def press(front: StoreFront, order_id: str, pressed: str) -> str:
    """Does what a button says ("ship", "ship:<line>", "deliver:<parcel>"); returns words about it.

    Raises Refusal.
    """
    action, _, part = pressed.partition(":")
    order = front.order(order_id)
    outcome = front.act(order_id, action, **_arguments(order, action, part))
    note = outcome.get("note") or f"{action.replace('-', ' ')} is done."
    return f"Order {order.number}: {note}"


def _arguments(order: OrderSummary, action: str, part: str) -> dict[str, Any]:
    if not part:
        return {}
    if action not in _OF_LINES:
        return {"parcel_id": part}
    line = next((line for line in order.lines if line.id == part), None)
    if line is None:
        raise Refusal(404, f"order {order.number} has no line {part}")
    gone = line.refunded + (line.shipped if action == "ship" else 0)
    return {"lines": [{"line_id": line.id, "quantity": line.quantity - gone}]}


def page_of(address: str | None) -> str:
    """The path of the page that a form was on, never another site."""
    path = urlsplit(address or "").path
    return path if path.startswith("/") and not path.startswith("//") else "/"
