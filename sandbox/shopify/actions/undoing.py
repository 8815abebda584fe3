"""The merchant cancels, gives money back, or deletes an order."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.actions.change import Change, chosen_pieces, find_order
from sandbox.shopify.bodies.refunds import new_refund, refunded_amount, refunded_pieces
from sandbox.shopify.money import amount, minor, money_set
from sandbox.store import Refusal


def cancel(change: Change, order_id: str, reason: str = "customer") -> dict[str, Any]:
    """Money stays where it is: giving it back is an action of its own. Raises Refusal 404, 409."""
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        if order["cancelled_at"]:
            raise Refusal(409, "this order is cancelled already")
        at = change.shop.local(change.now())
        order |= {"cancelled_at": at, "closed_at": at, "cancel_reason": reason}
        if order["financial_status"] == "pending":
            order["financial_status"] = "voided"
        for line in order["line_items"]:
            line["fulfillable_quantity"] = 0
        change.keep_order(order, "orders/cancelled", "orders/updated")
    return {"cancelled_at": at}


def refund(change: Change, order_id: str, lines: list[tuple[str, int]] | None = None) -> dict[str, Any]:
    """Gives back `lines`, or all that is left and the shipping with it. Raises Refusal 404, 409."""
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        if order["financial_status"] not in ("paid", "partially_refunded"):
            raise Refusal(409, f"an order that is {order['financial_status']} has no money to give back")
        before = refunded_pieces(order)
        left = {
            str(line["id"]): line["quantity"] - before.get(str(line["id"]), 0) for line in order["line_items"]
        }
        pieces = chosen_pieces(lines, left, "left to refund")
        shipping = minor(order["total_shipping_price_set"]["shop_money"]["amount"]) if lines is None else 0
        back = new_refund(change.shop, order, pieces, shipping, change.now())
        order["refunds"].append(back)
        _lower(order, back, shipping)
        change.tell(back, "refunds/create")
        change.keep_order(order, "orders/updated")
    return {"refund_id": str(back["id"]), "amount_minor": refunded_amount(back)}


def delete(change: Change, order_id: str) -> dict[str, Any]:
    """Raises Refusal 404."""
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        change.shop.forget("order", order_id)
        change.tell({"id": order["id"]}, "orders/delete")
    return {"deleted": True}


def _lower(order: dict[str, Any], back: dict[str, Any], shipping: int) -> None:
    """Takes what was given back off the order's current figures."""
    currency = order["currency"]
    goods = sum(minor(line["subtotal"]) for line in back["refund_line_items"])
    tax = sum(minor(line["total_tax"]) for line in back["refund_line_items"])
    for name, less in (
        ("current_subtotal_price", goods),
        ("current_total_tax", tax),
        ("current_total_price", goods + tax + shipping),
    ):
        value = minor(order[name]) - less
        order |= {name: amount(value), f"{name}_set": money_set(value, currency)}
    if shipping:
        order["current_shipping_price_set"] = money_set(0, currency)
    pieces = {str(line["line_item_id"]): line["quantity"] for line in back["refund_line_items"]}
    for line in order["line_items"]:
        line["current_quantity"] -= pieces.get(str(line["id"]), 0)
        line["fulfillable_quantity"] = min(line["fulfillable_quantity"], line["current_quantity"])
    given = sum(refunded_amount(one) for one in order["refunds"])
    whole = given >= minor(order["total_price"])
    order["financial_status"] = "refunded" if whole else "partially_refunded"
