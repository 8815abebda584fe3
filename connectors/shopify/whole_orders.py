"""Orders in full from the Admin API, however many lines, parcels and refunds they have.

A first call asks for pages that hold nearly every order and stay below the cost that Shopify allows
for one query (1,000 points); what does not fit is read by further calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Store, StoreUnreachable
from connectors.shopify.admin_api import call
from connectors.shopify.nodes import dig, listed
from connectors.shopify.scopes import missing_scopes

# Page sizes of one order read by itself, and of each order inside a listing.
SINGLE: Mapping[str, int] = {
    "lines": 22,
    "parcels": 8,
    "parcelLines": 10,
    "scans": 10,
    "refunds": 5,
    "refundLines": 8,
    "returns": 3,
    "returnLines": 5,
}
LISTED: Mapping[str, int] = {
    "lines": 5,
    "parcels": 2,
    "parcelLines": 5,
    "scans": 5,
    "refunds": 2,
    "refundLines": 3,
    "returns": 1,
    "returnLines": 3,
}
ORDERS_PER_PAGE = 5
LINES_PER_PAGE = 80
PARTS_PER_PAGE = 150
_MOST_PARTS = 250
_MOST_PAGES = 60


def sizes_for(store: Store, sizes: Mapping[str, int]) -> Mapping[str, Any]:
    """`sizes` as variables. Returns need a right of their own; without it they would take the whole
    order with them, so they are left out."""
    return {**sizes, "withReturns": not missing_scopes(",".join(store.scopes), ("read_returns",))}


def complete(store: Store, node: Mapping[str, Any], sizes: Mapping[str, int]) -> Mapping[str, Any]:
    """`node` as read with `sizes`, with everything that its pages left out. Raises StoreError."""
    parcels, refunds = listed(node, "fulfillments"), listed(node, "refunds")
    returns = listed(node, "returns.nodes")
    full = ((parcels, "parcels"), (refunds, "refunds"), (returns, "returns"))
    if any(len(found) >= sizes[name] for found, name in full):
        asked = {"id": node["id"], "first": _MOST_PARTS, "withReturns": "returns" in node}
        parts = dig(call(store, "order_parts", asked), "order")
        parcels = _with_missing(parcels, listed(parts, "fulfillments"))
        refunds = _with_missing(refunds, listed(parts, "refunds"))
        returns = _with_missing(returns, listed(parts, "returns.nodes"))
    return {
        **node,
        "lineItems": {"nodes": _lines(store, node)},
        "fulfillments": [_parcel(store, part) for part in parcels],
        "refunds": [_refund(store, part) for part in refunds],
        "returns": {"nodes": [_return(store, part) for part in returns]},
    }


def _with_missing(known: list[Any], all_ids: list[Any]) -> list[Any]:
    have = {dig(part, "id") for part in known}
    return known + [part for part in all_ids if dig(part, "id") not in have]


def _lines(store: Store, node: Mapping[str, Any]) -> list[Any]:
    found = listed(node, "lineItems.nodes")
    after = _next(node, "lineItems")
    for _ in range(_MOST_PAGES):
        if after is None:
            return found
        asked = {"id": node["id"], "first": LINES_PER_PAGE, "after": after}
        page = dig(call(store, "order_lines", asked), "order")
        found = found + listed(page, "lineItems.nodes")
        after = _next(page, "lineItems")
    raise StoreUnreachable("the lines of an order do not end")


def _parcel(store: Store, part: Mapping[str, Any]) -> Mapping[str, Any]:
    lists = {"fulfillmentLineItems": "lineCursor", "events": "scanCursor"}
    sizes = {"parcelLines": PARTS_PER_PAGE, "scans": PARTS_PER_PAGE}
    return _completed(store, part, "parcel", "fulfillment", lists, sizes)


def _refund(store: Store, part: Mapping[str, Any]) -> Mapping[str, Any]:
    sizes = {"refundLines": PARTS_PER_PAGE}
    return _completed(store, part, "refund", "refund", {"refundLineItems": "lineCursor"}, sizes)


def _return(store: Store, part: Mapping[str, Any]) -> Mapping[str, Any]:
    sizes = {"returnLines": PARTS_PER_PAGE}
    return _completed(store, part, "return", "return", {"returnLineItems": "lineCursor"}, sizes)


def _completed(
    store: Store,
    part: Mapping[str, Any],
    operation: str,
    root: str,
    lists: Mapping[str, str],
    sizes: Mapping[str, int],
) -> Mapping[str, Any]:
    """`part` with all pages of its `lists` (field -> variable of its cursor)."""
    for _ in range(_MOST_PAGES):
        cursors = {variable: _next(part, field) for field, variable in lists.items()}
        unread = any(field not in part for field in lists)
        if not unread and not any(cursors.values()):
            return part
        ends = {variable: dig(part, f"{field}.pageInfo.endCursor") for field, variable in lists.items()}
        page = dig(call(store, operation, {"id": part["id"], **sizes, **ends}), root)
        if page is None:
            raise StoreUnreachable("a part of the order went away while it was read")
        part = {**part, **page, **{field: _joined(part, page, field) for field in lists}}
    raise StoreUnreachable("a part of an order does not end")


def _joined(part: Mapping[str, Any], page: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Both pages as one. A list that had ended keeps its end: the next page of it is empty."""
    ended = field in part and _next(part, field) is None
    last = part if ended else page
    more = [] if ended else listed(page, f"{field}.nodes")
    return {"nodes": listed(part, f"{field}.nodes") + more, "pageInfo": dig(last, f"{field}.pageInfo")}


def _next(part: Any, field: str) -> str | None:
    """The cursor of the next page; None: this was the last."""
    cursor = dig(part, f"{field}.pageInfo.endCursor") if dig(part, f"{field}.pageInfo.hasNextPage") else None
    return cursor if isinstance(cursor, str) else None
