"""Returns: what can come back, what was asked for, and asking for it."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import (
    Arguments,
    Asking,
    Fields,
    global_id,
    moment,
    number_in,
    plain,
    shouted,
)
from sandbox.shopify.admin_api.connections import Rows, in_order
from sandbox.shopify.admin_api.sources import ParcelLineOf
from sandbox.shopify.admin_api.writes import Body, done, refused
from sandbox.shopify.bodies.returns import new_return, pieces_left, returns_of, whole_message
from sandbox.shopify.shop import number_of

_REASONS = ("arrived-late", "comfort", "defective", "other", "quality", "too-tight", "wrong-item")


def _return(source: Any, asking: Asking, arguments: Arguments) -> Body | None:
    asking.needs("read_returns")
    return asking.shop.read("return", number_in(arguments["id"], "Return"))


def _returnable(source: Any, asking: Asking, arguments: Arguments) -> Rows:
    asking.needs("read_returns")
    order = asking.shop.read("order", number_in(arguments["orderId"], "Order"))
    if order is None:
        return in_order([])
    left = pieces_left(asking.shop, order)
    parcels = []
    for parcel in order["fulfillments"]:
        lines = []
        for line in parcel["line_items"] if parcel["status"] == "success" else ():
            pieces = min(left[number_of(line)], line["quantity"])
            if pieces > 0:
                left[number_of(line)] -= pieces
                lines.append({"line": ParcelLineOf(order, line), "quantity": pieces})
        if lines:
            parcels.append({"id": number_of(parcel), "lines": lines})
    return in_order(parcels)


def _request(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_returns")
    wanted, shop = arguments["input"], asking.shop
    with shop.documents.transaction():
        order = shop.read("order", number_in(wanted["orderId"], "Order"))
        if order is None:
            return refused("Order does not exist", "NOT_FOUND", ["input", "orderId"])
        left, lines = pieces_left(shop, order), []
        for piece in wanted["returnLineItems"]:
            line = number_in(piece["fulfillmentLineItemId"], "FulfillmentLineItem")
            reason = piece.get("returnReasonDefinitionId")
            if piece["quantity"] < 1 or piece["quantity"] > left[line]:
                words = "Return line items quantity is not available"
                return refused(words, "INVALID", ["input", "returnLineItems"])
            if reason is None or reason.rpartition("/")[2] not in map(str, range(1, len(_REASONS) + 1)):
                return refused("Return reason is invalid", "INVALID", ["input", "returnLineItems"])
            left[line] -= piece["quantity"]
            note = piece.get("customerNote") or ""
            lines.append({"line": line, "quantity": piece["quantity"], "note": note, "reason": reason})
        asked = new_return(shop, order, lines)
        shop.write("return", asked, str(asked["id"]))
        asking.change().tell(whole_message(order, asked), "returns/request")
    return done(**{"return": asked})


def of_order(order: Body, asking: Asking, arguments: Arguments) -> Rows:
    asking.needs("read_returns")
    return in_order(returns_of(asking.shop, order))


def _lines(asked: Body, asking: Asking, arguments: Arguments) -> Rows:
    order = asking.shop.read("order", str(asked["order_id"])) or {"line_items": []}
    bodies = {number_of(line): line for line in order["line_items"]}
    pieces = [
        {"id": f"{asked['id']}{place}", "line": ParcelLineOf(order, bodies[piece["line"]]), "piece": piece}
        for place, piece in enumerate(asked["lines"], 1)
    ]
    return in_order(pieces)


_REASON_ROWS = [{"id": place, "handle": handle} for place, handle in enumerate(_REASONS, 1)]
QUERIES: Fields = {
    "return": _return,
    "returnableFulfillments": _returnable,
    "returnReasonDefinitions": lambda source, asking, arguments: _reasons(asking),
}
MUTATIONS: Fields = {"returnRequest": _request}


def _reasons(asking: Asking) -> Rows:
    asking.needs("read_returns")
    return in_order(_REASON_ROWS)


FIELDS: dict[str, Fields] = {
    "ReturnableFulfillment": {
        "id": lambda parcel, asking, arguments: f"gid://shopify/ReturnableFulfillment/{parcel['id']}",
        "returnableFulfillmentLineItems": lambda parcel, asking, arguments: in_order(parcel["lines"]),
    },
    "ReturnableFulfillmentLineItem": {
        "fulfillmentLineItem": plain("line"),
        "quantity": plain("quantity"),
    },
    "ReturnReasonDefinition": {
        "id": lambda one, asking, arguments: f"gid://shopify/ReturnReasonDefinition/{one['id']}",
        "handle": plain("handle"),
        "name": lambda one, asking, arguments: one["handle"].replace("-", " ").capitalize(),
        "deleted": lambda one, asking, arguments: False,
    },
    "Return": {
        "id": global_id("Return"),
        "name": plain("name"),
        "status": shouted("status"),
        "createdAt": moment("created_at"),
        "returnLineItems": _lines,
        "order": lambda asked, asking, arguments: asking.shop.read("order", str(asked["order_id"])),
        "decline": lambda asked, asking, arguments: asked.get("decline"),
        "exchangeLineItems": lambda asked, asking, arguments: in_order(asked.get("exchanges") or []),
    },
    "ReturnDecline": {"reason": plain("reason"), "note": plain("note")},
    "ExchangeLineItem": {"id": global_id("ExchangeLineItem")},
    "ReturnLineItem": {
        "id": lambda one, asking, arguments: f"gid://shopify/ReturnLineItem/{one['id']}",
        "quantity": lambda one, asking, arguments: one["piece"]["quantity"],
        "returnReasonNote": lambda one, asking, arguments: "",
        "customerNote": lambda one, asking, arguments: one["piece"]["note"],
        "fulfillmentLineItem": plain("line"),
    },
}
