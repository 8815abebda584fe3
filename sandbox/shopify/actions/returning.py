"""A buyer wants to send something back, and the merchant says yes, no, or that it came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.shopify.actions.change import Change, chosen_pieces, find_order
from sandbox.shopify.bodies.returns import (
    Body,
    declined_message,
    new_return,
    pieces_left,
    returns_of,
    thin_message,
    whole_message,
)
from sandbox.store import Refusal

# Action -> from which states, to which, and how it is told.
_STEPS: dict[str, tuple[tuple[str, ...], str, str, Callable[[Body, Body], Body]]] = {
    "approve-return": (("requested",), "open", "returns/approve", whole_message),
    "decline-return": (("requested",), "declined", "returns/decline", declined_message),
    "cancel-return": (("open",), "canceled", "returns/cancel", thin_message),
    "close-return": (("open",), "closed", "returns/close", thin_message),
}
STEPS = tuple(_STEPS)


def ask_back(change: Change, order_id: str, lines: list[tuple[str, int]] | None = None) -> dict[str, Any]:
    """`lines`, or everything that was shipped. Raises Refusal 404, 409."""
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        pieces = chosen_pieces(lines, pieces_left(change.shop, order), "left to send back")
        told = [{"line": line, "quantity": n, "note": "It does not fit"} for line, n in pieces.items()]
        asked = new_return(change.shop, order, told)
        change.shop.write("return", asked, str(asked["id"]))
        change.tell(whole_message(order, asked), "returns/request")
        change.keep_order(order, "orders/updated")
    return {"return_id": str(asked["id"])}


def step(change: Change, order_id: str, action: str, *, exchange: bool = False) -> dict[str, Any]:
    """For the newest return of the order; `exchange`: something else goes out in its place.

    Raises Refusal 404, or 409 where that return is past it.
    """
    before, after, topic, message = _STEPS[action]
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        newest = next(reversed(returns_of(change.shop, order)), None)
        if newest is None or newest["status"] not in before:
            raise Refusal(409, f"no return of this order is {' or '.join(before)}")
        asked = {**newest, "status": after, "exchanges": newest.get("exchanges") or []}
        if action == "decline-return":
            asked["decline"] = {"reason": "return_period_ended", "note": "The 30 days are over."}
        if exchange:
            number = change.shop.new_id("exchange_line")
            gid = f"gid://shopify/ExchangeLineItem/{number}"
            asked["exchanges"] = [{"id": number, "admin_graphql_api_id": gid}]
        change.shop.write("return", asked, str(asked["id"]))
        change.tell(message(order, asked), topic)
        change.keep_order(order, "orders/updated")
    return {"return_id": str(asked["id"]), "status": after}
