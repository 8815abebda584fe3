"""Changing what is in an order: begun, filled and committed; until then nothing has happened.

Quantities say what shall be, and a variant is added only where the order does not hold it, so a repeat
finds its own first time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.base import NotThere, Store, StoreRefused, StoreUnreachable
from connectors.shopify.admin_api import call
from connectors.shopify.ids import gid, number_of
from connectors.shopify.nodes import dig, listed
from connectors.shopify.writes.cancel import LONGEST_NOTE
from connectors.writes import EditOrder, Written
from flows.commerce import LineQuantity

PIECES_PER_PAGE = 250
_MOST_PAGES = 10


@dataclass(frozen=True, slots=True)
class Piece:
    line: str
    quantity: int
    variant: str


def edit_order(store: Store, what: EditOrder) -> Written:
    """Raises StoreRefused where the order holds another number of a variant that shall be added."""
    id = gid("Order", what.order_id)
    held = _held(store, id)
    changed, added = _changed(held, what), _added(held, what)
    if not changed and not added:
        return Written(id, already=True)
    begun = call(store, "order_edit_begin", {"id": id})
    edit = str(dig(begun, "orderEditBegin.calculatedOrder.id") or "")
    if not edit:
        raise StoreUnreachable("the edit was not begun")
    for one in changed:
        # A line keeps its number in the edit.
        line = gid("CalculatedLineItem", one.line_id)
        call(store, "order_edit_set_quantity", {"id": edit, "lineItemId": line, "quantity": one.quantity})
    for one in added:
        variant = gid("ProductVariant", one.line_id)
        call(store, "order_edit_add_variant", {"id": edit, "variantId": variant, "quantity": one.quantity})
    call(store, "order_edit_commit", {"id": edit, "staffNote": what.note[:LONGEST_NOTE]})
    return Written(id)


def _changed(held: list[Piece], what: EditOrder) -> list[LineQuantity]:
    pieces = {piece.line: piece.quantity for piece in held}
    for one in what.quantities:
        if one.line_id not in pieces:
            raise NotThere(f"the order has no line {one.line_id}")
        if one.quantity < 0:
            raise StoreRefused("a line cannot have less than nothing")
    return [one for one in what.quantities if pieces[one.line_id] != one.quantity]


def _added(held: list[Piece], what: EditOrder) -> list[LineQuantity]:
    wanted = []
    for one in what.added:
        there = sum(piece.quantity for piece in held if piece.variant == one.line_id)
        if there == 0:
            wanted.append(one)
        elif there != one.quantity:
            raise StoreRefused(f"the order holds {there} of the variant {one.line_id} already")
    return wanted


def _held(store: Store, id: str) -> list[Piece]:
    found: list[Piece] = []
    after = None
    for _ in range(_MOST_PAGES):
        asked = {"id": id, "first": PIECES_PER_PAGE, "after": after}
        order = dig(call(store, "order_pieces", asked), "order")
        if order is None:
            raise NotThere("there is no such order")
        found += [_piece(node) for node in listed(order, "lineItems.nodes")]
        after = dig(order, "lineItems.pageInfo.endCursor")
        if not dig(order, "lineItems.pageInfo.hasNextPage") or not isinstance(after, str):
            return found
    raise StoreUnreachable("the list of lines does not end")


def _piece(node: Any) -> Piece:
    quantity = dig(node, "currentQuantity")
    if not isinstance(quantity, int):
        raise StoreUnreachable("a line without its quantity")
    return Piece(number_of(dig(node, "id")), quantity, number_of(dig(node, "variant.id")))
