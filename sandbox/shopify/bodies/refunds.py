"""Refunds as refunds/create carries them. `subtotal` and `total_tax` of a line are numbers there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.shopify.bodies.lines import line_inside
from sandbox.shopify.money import amount, minor, money_set, share
from sandbox.shopify.shop import Shop


def new_refund(
    shop: Shop, order: dict[str, Any], pieces: Mapping[str, int], shipping: int, moment: datetime
) -> dict[str, Any]:
    """`pieces`: line id -> how many are given back; `shipping` in cents."""
    id, at, currency = shop.new_id("refund"), shop.local(moment), order["currency"]
    before = refunded_pieces(order)
    lines = [
        _refund_line(shop, line, before.get(str(line["id"]), 0), pieces[str(line["id"])], currency)
        for line in order["line_items"]
        if str(line["id"]) in pieces
    ]
    total = shipping + sum(minor(line["subtotal"]) + minor(line["total_tax"]) for line in lines)
    return {
        "id": id,
        "order_id": order["id"],
        "created_at": at,
        "note": "Refunded by the shop",
        "user_id": None,
        "processed_at": at,
        "duties": [],
        "total_duties_set": money_set(0, currency),
        "return": None,
        "refund_shipping_lines": _shipping_lines(shop, order, shipping),
        "restock": False,
        "admin_graphql_api_id": f"gid://shopify/Refund/{id}",
        "order_adjustments": [],
        "refund_line_items": lines,
        "transactions": [_transaction(shop, order, total, at)],
    }


def refunded_amount(refund: dict[str, Any]) -> int:
    """Cents given back: what the transactions moved."""
    return sum(
        minor(transaction["amount"])
        for transaction in refund["transactions"]
        if transaction["kind"] == "refund" and transaction["status"] == "success"
    )


def refunded_pieces(order: dict[str, Any]) -> dict[str, int]:
    """Line id -> pieces given back so far."""
    pieces: dict[str, int] = {}
    for refund in order["refunds"]:
        for line in refund["refund_line_items"]:
            key = str(line["line_item_id"])
            pieces[key] = pieces.get(key, 0) + int(line["quantity"])
    return pieces


def _refund_line(
    shop: Shop, line: dict[str, Any], before: int, quantity: int, currency: str
) -> dict[str, Any]:
    discount = sum(minor(part["amount"]) for part in line["discount_allocations"])
    goods = minor(line["price"]) * line["quantity"] - discount
    taxes = sum(minor(part["price"]) for part in line["tax_lines"])
    # The difference of two shares, so that piece by piece gives back exactly the whole.
    subtotal = share(goods, before + quantity, line["quantity"]) - share(goods, before, line["quantity"])
    tax = share(taxes, before + quantity, line["quantity"]) - share(taxes, before, line["quantity"])
    return {
        "id": shop.new_id("refund_line"),
        "quantity": quantity,
        "line_item_id": line["id"],
        "location_id": None,
        "restock_type": "no_restock",
        "subtotal": subtotal / 100,
        "total_tax": tax / 100,
        "subtotal_set": money_set(subtotal, currency),
        "total_tax_set": money_set(tax, currency),
        "line_item": line_inside(line, line["quantity"]),
    }


def _shipping_lines(shop: Shop, order: dict[str, Any], shipping: int) -> list[dict[str, Any]]:
    if not shipping:
        return []
    id = shop.new_id("refund_shipping_line")
    return [
        {
            "id": id,
            "admin_graphql_api_id": f"gid://shopify/RefundShippingLine/{id}",
            "shipping_line": order["shipping_lines"][0],
            "subtotal_amount_set": money_set(shipping, order["currency"]),
            "tax_amount_set": money_set(0, order["currency"]),
        }
    ]


def _transaction(shop: Shop, order: dict[str, Any], total: int, at: str) -> dict[str, Any]:
    id = shop.new_id("transaction")
    nothing = {"amount": "0.0", "currency": order["currency"]}
    return {
        "id": id,
        "order_id": order["id"],
        "kind": "refund",
        "gateway": order["payment_gateway_names"][0],
        "status": "success",
        "message": f"Refunded {amount(total)} {order['currency']}",
        "created_at": at,
        "test": False,
        "authorization": None,
        "location_id": None,
        "user_id": None,
        "parent_id": None,
        "processed_at": at,
        "device_id": None,
        "error_code": None,
        "source_name": "web",
        "receipt": {},
        "amount": amount(total),
        "currency": order["currency"],
        "payment_id": f"{order['name']}.1",
        "total_unsettled_set": {"presentment_money": dict(nothing), "shop_money": dict(nothing)},
        "manual_payment_gateway": order["payment_gateway_names"][0] == "Bank Deposit",
        "amount_rounding": None,
        "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{id}",
    }
