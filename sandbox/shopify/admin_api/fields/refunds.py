"""Refunds and their lines."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import Fields, as_moment
from sandbox.shopify.admin_api.connections import Rows, in_order
from sandbox.shopify.admin_api.fields.lines import part
from sandbox.shopify.admin_api.fields.money import bag
from sandbox.shopify.admin_api.sources import RefundLineOf, RefundOf, line_of
from sandbox.shopify.bodies.refunds import refunded_amount
from sandbox.shopify.shop import number_of


def _lines(refund: RefundOf, asking: Any, arguments: Any) -> Rows:
    return in_order([RefundLineOf(refund.order, line) for line in refund.body["refund_line_items"]])


FIELDS: dict[str, Fields] = {
    "Refund": {
        "id": lambda refund, asking, arguments: f"gid://shopify/Refund/{number_of(refund.body)}",
        "legacyResourceId": lambda refund, asking, arguments: int(number_of(refund.body)),
        "order": lambda refund, asking, arguments: refund.order,
        "createdAt": lambda refund, asking, arguments: as_moment(refund.body["created_at"]),
        "processedAt": lambda refund, asking, arguments: as_moment(refund.body["processed_at"]),
        "updatedAt": lambda refund, asking, arguments: as_moment(refund.body["processed_at"]),
        "note": part("note"),
        "totalRefundedSet": lambda refund, asking, arguments: bag(
            refunded_amount(refund.body), refund.order["currency"]
        ),
        "refundLineItems": _lines,
    },
    "RefundLineItem": {
        "id": lambda line, asking, arguments: f"gid://shopify/RefundLineItem/{line.body['id']}",
        "quantity": part("quantity"),
        "restockType": lambda line, asking, arguments: line.body["restock_type"].upper(),
        "lineItem": lambda line, asking, arguments: line_of(line.order, line.body["line_item_id"]),
        "subtotalSet": part("subtotal_set"),
        "totalTaxSet": part("total_tax_set"),
    },
}
