"""A webhook's body in our words, topic by topic. Nothing here calls the shop."""

from __future__ import annotations

from typing import Any

from connectors.base import Malformed, Mark, Noun, Reading, Store, Wish
from connectors.fields import Body, body, identity, own_id
from connectors.woocommerce.orders import UNSAID, order_reading
from connectors.woocommerce.people import customer_reading
from connectors.woocommerce.products import product_reading

_CHANGED = frozenset({"created", "updated", "restored", "published"})
_DELETED = {
    "order.deleted": Noun.ORDER,
    "customer.deleted": Noun.CUSTOMER,
    "product.deleted": Noun.PRODUCT,
}

# Hooks whose first argument is an order's id; of all others it is something else, or nothing.
_ORDER_HOOKS = frozenset(
    {
        "action.woocommerce_order_refunded",
        "action.woocommerce_order_fully_refunded",
        "action.woocommerce_order_partially_refunded",
        "action.woocommerce_order_status_changed",
        "action.woocommerce_fulfillment_created_notification",
    }
)
_STATUS_HOOK = "action.woocommerce_order_status_"
_LOST = ("cannot_", "forbidden", "authentication", "unauthorized")


def normalise(topic: str, payload: Any, store: Store | None = None) -> Reading:
    """Raises Malformed."""
    resource, _, event = topic.partition(".")
    if resource not in ("order", "customer", "product", "action"):
        return Reading(ignored="topic")
    item = body(payload, resource)
    if _is_error(item):
        return _error(item)
    if topic in _DELETED:
        # Such a message also comes for things that it is not about, so the shop is asked.
        return Reading(wishes=(Wish(_DELETED[topic], own_id(item), f"{topic} is only a hint"),))
    if resource == "action":
        return _hook(topic, item)
    if event not in _CHANGED:
        return Reading(ignored="topic")
    if resource == "order":
        return order_reading(item, store.words if store else UNSAID)
    return customer_reading(item) if resource == "customer" else product_reading(item, store)


def _hook(topic: str, item: Body) -> Reading:
    if topic not in _ORDER_HOOKS and not topic.startswith(_STATUS_HOOK):
        return Reading(ignored="topic")
    order_id = identity(item, "arg")
    if order_id is None:
        raise Malformed(f"{item.where('arg')}: missing")
    return Reading(wishes=(Wish(Noun.ORDER, order_id, f"{topic} is only a hint"),))


def _is_error(item: Body) -> bool:
    return "id" not in item.data and isinstance(item.data.get("code"), str) and "message" in item.data


def _error(item: Body) -> Reading:
    """WooCommerce renders a body with the rights of the key's owner. Without them it signs an error."""
    data = item.data.get("data")
    status = data.get("status") if isinstance(data, dict) else None
    if status in (401, 403) or any(part in item.data["code"] for part in _LOST):
        return Reading(mark=Mark.NEEDS_RECONNECT)
    return Reading(ignored="store_error")
