"""Returns as the returns/* topics carry them: whole when they are asked for or approved, thin later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.shopify.bodies.refunds import refunded_pieces
from sandbox.shopify.shop import Shop, number_of

Body = dict[str, Any]

_LIVE = ("requested", "open", "closed")


def returns_of(shop: Shop, order: Body) -> list[Body]:
    """Oldest first."""
    return [one for one in shop.all("return") if one["order_id"] == order["id"]]


def pieces_left(shop: Shop, order: Body) -> Counter[str]:
    """Line -> shipped pieces that nobody has asked back or refunded."""
    left: Counter[str] = Counter()
    for parcel in order["fulfillments"]:
        for line in parcel["line_items"]:
            left[number_of(line)] += line["quantity"]
    for one in returns_of(shop, order):
        for piece in one["lines"] if one["status"] in _LIVE else ():
            left[piece["line"]] -= piece["quantity"]
    for line, pieces in refunded_pieces(order).items():
        left[line] -= pieces
    return left


def new_return(shop: Shop, order: Body, lines: Sequence[Body]) -> Body:
    id = shop.new_id("return")
    return {
        "id": id,
        "admin_graphql_api_id": f"gid://shopify/Return/{id}",
        "order_id": order["id"],
        "name": f"{order['name']}-R{len(returns_of(shop, order)) + 1}",
        "status": "requested",
        "created_at": shop.now_text(),
        "lines": list(lines),
    }


def whole_message(order: Body, asked: Body) -> Body:
    """The body of returns/request and returns/approve."""
    return {
        "id": asked["id"],
        "admin_graphql_api_id": asked["admin_graphql_api_id"],
        "status": asked["status"],
        "order": {"id": order["id"], "admin_graphql_api_id": order["admin_graphql_api_id"]},
        "total_return_line_items": sum(piece["quantity"] for piece in asked["lines"]),
        "name": asked["name"],
        "return_line_items": [
            {
                "id": int(f"{asked['id']}{place}"),
                "admin_graphql_api_id": f"gid://shopify/ReturnLineItem/{asked['id']}{place}",
                "fulfillment_line_item": {
                    "id": int(piece["line"]),
                    "admin_graphql_api_id": f"gid://shopify/FulfillmentLineItem/{piece['line']}",
                    "line_item": {
                        "id": int(piece["line"]),
                        "admin_graphql_api_id": f"gid://shopify/LineItem/{piece['line']}",
                    },
                },
                "quantity": piece["quantity"],
                "return_reason": "other",
                "return_reason_note": "",
                "customer_note": piece["note"],
            }
            for place, piece in enumerate(asked["lines"], 1)
        ],
        "return_shipping_fees": [],
        "exchange_line_items": [{**one, "line_item": None} for one in asked.get("exchanges") or []],
        "total_exchange_line_items": len(asked.get("exchanges") or []),
    }


def declined_message(order: Body, asked: Body) -> Body:
    return {
        "id": asked["id"],
        "admin_graphql_api_id": asked["admin_graphql_api_id"],
        "status": asked["status"],
        "order": {"id": order["id"], "admin_graphql_api_id": order["admin_graphql_api_id"]},
        "decline": asked["decline"],
    }


def thin_message(order: Body, asked: Body) -> Body:
    """The body of returns/close and returns/cancel."""
    return {
        "id": asked["id"],
        "admin_graphql_api_id": asked["admin_graphql_api_id"],
        "order_id": order["id"],
        "status": asked["status"],
    }
