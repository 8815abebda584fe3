"""Cancelling an order. The shop puts the goods back into stock, and may say so to the customer by a mail of
its own. Money goes back by the merchant's hand alone: through the platform it would be gone at once."""

from __future__ import annotations

from connectors.base import Store, StoreUnreachable, Unsupported
from connectors.fields import body
from connectors.woocommerce.rest_api import write
from connectors.woocommerce.writes.looking import reference
from connectors.woocommerce.writes.note import note_order
from connectors.woocommerce.writes.present import is_over, present, refuse_what_left
from connectors.writes import CancelOrder, NoteOrder, Written


def cancel_order(store: Store, what: CancelOrder) -> Written:
    """One that is cancelled, refunded or thrown away is over already. Raises StoreRefused where it left."""
    if what.refund:
        raise Unsupported("in WooCommerce money is given back by the merchant alone")
    if not what.restock:
        raise Unsupported("WooCommerce puts what was cancelled back into stock by itself")
    order, status = present(store, what.order_id)
    over = is_over(status)
    if not over:
        refuse_what_left(store, order, status, "it cannot be cancelled")
        changed = body(write(store, "put", f"orders/{what.order_id}", {"status": "cancelled"}), "order")
        if changed.data.get("status") != "cancelled":
            raise StoreUnreachable("the order was not cancelled")
    if what.note.strip():
        note_order(store, NoteOrder(what.order_id, what.note, f"cancel {what.reason}"))
    return Written(reference(order), already=over)
