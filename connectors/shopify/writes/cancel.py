"""Cancelling an order. The store does it after it has answered; it cannot be taken back."""

from __future__ import annotations

from connectors.base import NotThere, Store
from connectors.shopify.admin_api import call
from connectors.shopify.ids import gid
from connectors.shopify.nodes import dig
from connectors.writes import CancelOrder, Written

LONGEST_NOTE = 255


def cancel_order(store: Store, what: CancelOrder) -> Written:
    """The shopper hears of it from us, so the store stays silent."""
    id = gid("Order", what.order_id)
    order = dig(call(store, "order_state", {"id": id}), "order")
    if order is None:
        raise NotThere("there is no such order")
    if dig(order, "cancelledAt"):
        return Written(id, already=True)
    asked = {
        "orderId": id,
        "reason": what.reason.name,
        "restock": what.restock,
        "refundMethod": {"originalPaymentMethodsRefund": what.refund},
        "staffNote": what.note[:LONGEST_NOTE],
    }
    call(store, "order_cancel", asked)
    return Written(id)
