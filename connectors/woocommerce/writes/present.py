"""The order as it is when something shall be changed in it, and whether it is still to be changed."""

from __future__ import annotations

from connectors.base import NotThere, Store, StoreRefused
from connectors.fields import Body, text
from connectors.woocommerce.metas import entries, metas
from connectors.woocommerce.shipments import has_fulfillments, shipped_told
from connectors.woocommerce.statuses import Status, meaning, slug_of
from connectors.woocommerce.tracking import TRACKING
from connectors.woocommerce.writes.looking import look, number
from flows.commerce import OrderState, Shipped


def present(store: Store, order_id: str) -> tuple[Body, Status]:
    """Raises NotThere, also for a basket that is no order yet."""
    try:
        order = look(store, f"orders/{number(order_id, 'order')}")
    except NotThere:
        raise NotThere("there is no such order") from None
    status = meaning(text(order, "status"), store.words)
    if status.draft:
        raise NotThere("the order is not placed yet")
    return order, status


def is_over(status: Status) -> bool:
    return status.state is not OrderState.OPEN or status.refunded


def refuse_what_left(store: Store, order: Body, status: Status, what: str) -> None:
    """The platform itself would do it at any time. A completed one is closed, whatever else that means."""
    told = text(order, "status")
    if slug_of(told) == "completed":
        raise StoreRefused(f"{what}: the order is completed")
    if has_fulfillments(order) or shipped_told(order, status, store.words) is not Shipped.NONE:
        raise StoreRefused(f"{what}: the order has left already, or a part of it has")
    if entries(metas(order).get(TRACKING)):
        raise StoreRefused(f"{what}: a parcel is on its way already")
