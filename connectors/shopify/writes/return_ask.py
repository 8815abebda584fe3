"""A shopper asks to send lines back. The merchant approves or declines it in the back office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from connectors.base import NotThere, Store, StoreRefused, StoreUnreachable
from connectors.shopify.admin_api import call
from connectors.shopify.ids import gid, number_of
from connectors.shopify.nodes import dig, listed
from connectors.writes import AskReturn, Written

LONGEST_NOTE = 300
# A parcel with its lines at once, and the newest returns with theirs.
PARCEL_LINES, RETURNS, LINES, REASONS = 200, 4, 50, 100
_MOST_PARCELS = 100
# Nobody has been asked for a reason in the shop's own words, so the vaguest that there is.
_VAGUE = ("other", "unknown", "unwanted")
_OPEN = ("REQUESTED", "OPEN")


def ask_return(store: Store, what: AskReturn) -> Written:
    """The same lines with the same note are asked for once, as long as that return is open."""
    id = gid("Order", what.order_id)
    wanted = Counter({one.line_id: one.quantity for one in what.lines})
    if not 0 < len(what.lines) <= LINES or min(wanted.values()) < 1:
        raise StoreRefused(f"a return needs lines, {LINES} at most")
    note = what.note[:LONGEST_NOTE]
    known = _known(store, id, wanted, note)
    if known:
        return Written(known, already=True)
    reason = _reason(store)
    lines = [
        {
            "fulfillmentLineItemId": piece,
            "quantity": quantity,
            "returnReasonDefinitionId": reason,
            "customerNote": note,
        }
        for piece, quantity in _pieces(store, id, wanted)
    ]
    made = call(store, "return_request", {"input": {"orderId": id, "returnLineItems": lines}})
    return Written(str(dig(made, "returnRequest.return.id") or ""))


def _known(store: Store, id: str, wanted: Counter[str], note: str) -> str:
    """The id of an open return of just these lines; empty: there is none."""
    order = dig(call(store, "returns_asked", {"id": id, "returns": RETURNS, "lines": LINES}), "order")
    if order is None:
        raise NotThere("there is no such order")
    for node in listed(order, "returns.nodes"):
        lines = listed(node, "returnLineItems.nodes")
        same = _lines(lines) == wanted and all((dig(line, "customerNote") or "") == note for line in lines)
        if same and dig(node, "status") in _OPEN:
            return str(dig(node, "id") or "")
    return ""


def _lines(nodes: list[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for node in nodes:
        found[number_of(dig(node, "fulfillmentLineItem.lineItem.id"))] += _whole(node)
    return found


def _pieces(store: Store, id: str, wanted: Counter[str]) -> list[tuple[str, int]]:
    """What is wanted, as lines of parcels: only what was shipped can come back. Raises StoreRefused where
    there is not so much."""
    left, found = Counter(wanted), []
    for parcel in _parcels(store, id):
        for node in listed(parcel, "returnableFulfillmentLineItems.nodes"):
            line = number_of(dig(node, "fulfillmentLineItem.lineItem.id"))
            taken = min(left[line], _whole(node))
            if taken > 0:
                left[line] -= taken
                found.append((str(dig(node, "fulfillmentLineItem.id")), taken))
    if any(left.values()):
        raise StoreRefused("not so many pieces can be sent back")
    return found


def _parcels(store: Store, id: str) -> Iterator[Any]:
    after = None
    for _ in range(_MOST_PARCELS):
        asked = {"id": id, "lines": PARCEL_LINES, "after": after}
        page = dig(call(store, "returnable", asked), "returnableFulfillments")
        yield from listed(page, "nodes")
        after = dig(page, "pageInfo.endCursor")
        if not dig(page, "pageInfo.hasNextPage") or not isinstance(after, str):
            return
    raise StoreUnreachable("the list of parcels does not end")


def _whole(node: Any) -> int:
    quantity = dig(node, "quantity")
    if not isinstance(quantity, int):
        raise StoreUnreachable("a line without its quantity")
    return quantity


def _reason(store: Store) -> str:
    nodes = listed(call(store, "return_reasons", {"first": REASONS}), "returnReasonDefinitions.nodes")
    live = {str(dig(node, "handle")): str(dig(node, "id")) for node in nodes if not dig(node, "deleted")}
    if not live:
        raise StoreUnreachable("the store names no reason for a return")
    return next((live[handle] for handle in _VAGUE if handle in live), next(iter(live.values())))
