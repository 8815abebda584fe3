"""Giving money back: part of an order, or all that is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.store import Refusal
from sandbox.woocommerce import orders, own_mails, tax
from sandbox.woocommerce.announcements import tell_hook
from sandbox.woocommerce.plugin_messages import hint
from sandbox.woocommerce.shop import Shop

Refund = dict[str, Any]
_OF = "_refunded_item_id"


@dataclass(frozen=True, slots=True)
class LineBack:
    """`net` and `tax` in minor units, as positive numbers."""

    line_id: int
    quantity: int
    net: int
    tax: int


def refunds_of(shop: Shop, order: orders.Order) -> list[Refund]:
    """Newest first. One that only the order's own list knows has an amount and no lines."""
    known = {refund["id"]: refund for refund in shop.every(f"refund/{order['id']}")}
    return [known.get(entry["id"]) or _bare(shop, order, entry) for entry in order["refunds"]]


def refunded_minor(order: orders.Order) -> int:
    return -sum(tax.minor(entry["total"]) for entry in order["refunds"])


def refunded_pieces(shop: Shop, order: orders.Order) -> dict[str, int]:
    """Pieces given back by line id."""
    pieces: dict[str, int] = {}
    for refund in refunds_of(shop, order):
        for line in refund["line_items"]:
            of = str(orders.meta_of(line, _OF))
            pieces[of] = pieces.get(of, 0) - line["quantity"]
    return pieces


def pieces_back(shop: Shop, order: orders.Order, wanted: Sequence[tuple[str, int]]) -> list[LineBack]:
    """What some pieces of some lines are worth. Raises Refusal 400 and 409."""
    gone = refunded_pieces(shop, order)
    back = []
    for line_id, quantity in wanted:
        line = next((line for line in order["line_items"] if str(line["id"]) == line_id), None)
        if line is None:
            raise Refusal(400, f"the order has no line {line_id}")
        if quantity > line["quantity"] - gone.get(line_id, 0):
            raise Refusal(409, f"line {line_id} has fewer than {quantity} pieces left to refund")
        net = tax.minor(line["total"]) * quantity // line["quantity"]
        of_tax = tax.minor(line["total_tax"]) * quantity // line["quantity"]
        back.append(LineBack(line["id"], quantity, net, of_tax))
    return back


def all_back(shop: Shop, order: orders.Order) -> list[LineBack]:
    """Every piece that has not been given back yet."""
    gone = refunded_pieces(shop, order)
    bought = {str(line["id"]): line["quantity"] for line in order["line_items"]}
    left = [(id, quantity - gone.get(id, 0)) for id, quantity in bought.items()]
    return pieces_back(shop, order, [(id, quantity) for id, quantity in left if quantity > 0])


def give(
    shop: Shop, order: orders.Order, amount: int, back: Sequence[LineBack], reason: str, now: datetime
) -> Refund:
    """`amount` in minor units with tax. The refund that reaches the total closes the order.

    Raises Refusal 409 where more would go back than came in.
    """
    left = tax.minor(order["total"]) - refunded_minor(order)
    if amount > left:
        raise Refusal(409, "Invalid refund amount.")
    with shop.documents.transaction():
        refund = _body(shop, order, shop.new_id(f"refund/{order['id']}"), amount, reason, now)
        refund["meta_data"] = [_meta(shop, "_refund_type", "full" if amount == left else "partial")]
        refund["line_items"] = [_line(shop, order, line) for line in back]
        shop.write(f"refund/{order['id']}", refund["id"], refund)
        order["refunds"].insert(0, {"id": refund["id"], "reason": reason, "total": tax.text(-amount)})
        if amount == left:
            orders.set_status(shop, order, "refunded", now)
        own_mails.on_refund(shop, order, full=amount == left)
        orders.change(shop, order, now)
        much = "fully" if amount == left else "partially"
        for hook in (f"woocommerce_order_{much}_refunded", "woocommerce_order_refunded"):
            tell_hook(shop, hook, order["id"], order["id"])
        tell_hook(shop, "woocommerce_refund_created", refund["id"], refund["id"])
        hint(shop, order["id"], "refund")
    return refund


def _bare(shop: Shop, order: orders.Order, entry: dict[str, Any]) -> Refund:
    refund = _body(shop, order, entry["id"], -tax.minor(entry["total"]), entry["reason"] or "", None)
    for name in ("date_created", "date_created_gmt"):
        refund[name] = order[name.replace("created", "modified")]
    return refund


def _body(shop: Shop, order: orders.Order, id: int, amount: int, reason: str, now: datetime | None) -> Refund:
    path = f"orders/{order['id']}/refunds"
    up = {"up": [{"href": shop.api(f"orders/{order['id']}")}]}
    return {
        "id": id, **shop.stamps("date_created", now), "amount": tax.text(amount), "reason": reason,
        "refunded_by": 1, "refunded_payment": False, "meta_data": [], "line_items": [],
        "shipping_lines": [], "tax_lines": [], "fee_lines": [],
        "_links": {**shop.links(path, id, ("GET", "DELETE")), **up},
    }  # fmt: skip


def _line(shop: Shop, order: orders.Order, back: LineBack) -> dict[str, Any]:
    sold: dict[str, Any] = next(line for line in order["line_items"] if line["id"] == back.line_id)
    net, of_tax = tax.text(-back.net), tax.text(-back.tax)
    of = _meta(shop, _OF, str(sold["id"]))
    return sold | {
        "id": shop.number("line"), "quantity": -back.quantity, "subtotal": net, "subtotal_tax": of_tax,
        "total": net, "total_tax": of_tax, "taxes": tax.taxes(-back.tax, -back.tax) if back.tax else [],
        "meta_data": [of | {"display_key": _OF, "display_value": str(sold["id"])}],
        "price": back.net / 100 / back.quantity if back.quantity else 0,
    }  # fmt: skip


def _meta(shop: Shop, key: str, value: str) -> dict[str, Any]:
    return {"id": shop.number("meta"), "key": key, "value": value}
