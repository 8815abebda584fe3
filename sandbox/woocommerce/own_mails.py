"""The mails that WooCommerce itself would send for what happens to an order, and which of them the plugin
silences. None leaves: they are written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.woocommerce.plugin import believed_time, plugin_of
from sandbox.woocommerce.shop import Shop, moment_of

FRESH_SECONDS = 30 * 60
_CLOCK_SLIP = 60
REPLACED = (
    "customer_processing_order", "customer_completed_order", "customer_fulfillment_created",
    "customer_fulfillment_updated", "customer_fulfillment_deleted", "customer_refunded_order",
    "customer_partially_refunded_order", "customer_cancelled_order",
)  # fmt: skip
_OF_LOSS = REPLACED[5:]
# Noted on the order; the two that follow a parcel's mail are not.
_NOTED = (*REPLACED[:3], *_OF_LOSS)
HELD, WROTE = "_doorstep_held", "_doorstep_wrote"
_NOT_SO = ("pending", "on-hold", "cancelled", "failed", "refunded", "trash", "checkout-draft", "auto-draft")
_PICKED_UP = ("local_pickup", "pickup_location")
_WAITING = ("pending", "failed", "cancelled", "checkout-draft")
_ADMIN = ("new_order", "cancelled_order", "failed_order")


def on_status(shop: Shop, order: dict[str, Any], before: str, after: str) -> None:
    for id in _of_status(before, after):
        _send(shop, order, id)


def on_refund(shop: Shop, order: dict[str, Any], *, full: bool) -> None:
    _send(shop, order, "customer_refunded_order" if full else "customer_partially_refunded_order")


def on_fulfillment(shop: Shop, order: dict[str, Any], what: str) -> None:
    """`what`: created, updated or deleted."""
    _send(shop, order, f"customer_fulfillment_{what}")


def on_note(shop: Shop, order: dict[str, Any]) -> None:
    """A note to the shopper."""
    _send(shop, order, "customer_note")


def own_mails(shop: Shop) -> list[dict[str, Any]]:
    """Oldest first. `sent` False: the plugin held it back, because the app tells it."""
    return shop.every("own_mail")


def _of_status(before: str, after: str) -> Iterator[str]:
    """By the platform's own table of transitions; other plugins' statuses say nothing."""
    if before in _WAITING and after in ("processing", "completed", "on-hold"):
        yield "new_order"
    if after == "on-hold" and before in _WAITING:
        yield "customer_on_hold_order"
    if after == "processing" and before in (*_WAITING, "on-hold"):
        yield "customer_processing_order"
    if after == "completed" and before != "completed":
        yield "customer_completed_order"
    if after == "cancelled" and before in ("processing", "on-hold"):
        yield from ("cancelled_order", "customer_cancelled_order")
    if after == "failed" and before in ("pending", "on-hold"):
        yield from ("failed_order", "customer_failed_order")


def _send(shop: Shop, order: dict[str, Any], id: str) -> None:
    to = shop.profile()["email"] if id in _ADMIN else order["billing"]["email"]
    if not to:
        return
    silenced = _is_silenced(shop, order, id)
    if id in _NOTED:
        note_mail(shop, order, id, sent=not silenced)
    _write_down(shop, order, id, to, sent=not silenced)


def _write_down(shop: Shop, order: dict[str, Any], id: str, to: str, *, sent: bool) -> None:
    number = shop.number("own_mail")
    shop.write("own_mail", number, {"id": id, "order": str(order["id"]), "to": to, "sent": sent})


def note_mail(shop: Shop, order: dict[str, Any], id: str, *, sent: bool) -> None:
    """On the order, in the app's time; whoever changes the order saves it. What does not exist yet has
    nothing noted on it. What was sent is not held back any more."""
    plugin = plugin_of(shop)
    if shop.quirks()["no_plugin"]:
        return
    held, wrote = (dict(_noted(order, key)) for key in (HELD, WROTE))
    at = int((believed_time(shop, plugin) if plugin else shop.machine_time()).timestamp())
    held.pop(id, None)
    (wrote if sent else held)[id] = at
    for key, mails in ((HELD, held), (WROTE, wrote)):
        if mails or _noted(order, key):
            _set_meta(shop, order, key, mails)


def release(shop: Shop, order: dict[str, Any], id: str) -> bool:
    """One that is held back is sent after all; false where it is not, or is not true any more. The date of
    change stays, and nobody is told."""
    if id not in _noted(order, HELD):
        return False
    note_mail(shop, order, id, sent=True)
    shop.write("order", order["id"], order)
    if not _is_still_so(order["status"], id):
        return False
    _write_down(shop, order, id, order["billing"]["email"], sent=True)
    return True


def _is_still_so(status: str, id: str) -> bool:
    """Money that went back has gone back; a cancellation may be taken back."""
    if id == "customer_cancelled_order":
        return status == "cancelled"
    return status not in (_NOT_SO[-3:] if id in _OF_LOSS else _NOT_SO)


def _noted(order: dict[str, Any], key: str) -> dict[str, int]:
    found = next((one["value"] for one in order["meta_data"] if one["key"] == key), None)
    return found if isinstance(found, dict) else {}


def _set_meta(shop: Shop, order: dict[str, Any], key: str, value: dict[str, int]) -> None:
    order["meta_data"] = [one for one in order["meta_data"] if one["key"] != key]
    if value:
        order["meta_data"].append({"id": shop.number("meta"), "key": key, "value": value})


def _is_silenced(shop: Shop, order: dict[str, Any], id: str) -> bool:
    """Only while the app is connected, tells this itself, and was heard of within half an hour of real time;
    and of no order of before, nor of one with downloads, whose links the shop alone has. In every other case
    the shop speaks for itself."""
    plugin = plugin_of(shop)
    if plugin is None or shop.quirks()["app_away"] or id not in REPLACED or id not in plugin["mails_off"]:
        return False
    placed = moment_of(order["date_created_gmt"])
    if _has_downloads(shop, order) or (placed and placed.timestamp() < plugin["since"]):
        return False
    if id in REPLACED[3:5] and REPLACED[2] in _noted(order, WROTE):
        return False
    if id in REPLACED[1:3] and not _ships(shop, order):
        return False
    silence: float = shop.machine_time().timestamp() - plugin["received_at"]
    return -_CLOCK_SLIP <= silence <= FRESH_SECONDS


def _ships(shop: Shop, order: dict[str, Any]) -> bool:
    """Whether a parcel comes: by the way of shipping, or, without any, by the products."""
    ways = [str(way["method_id"]).partition(":")[0] for way in order["shipping_lines"]]
    if ways:
        return any(way not in _PICKED_UP for way in ways)
    ids = [line["variation_id"] or line["product_id"] for line in order["line_items"]]
    return any(not (shop.read("product", id) or {}).get("virtual") for id in ids)


def _has_downloads(shop: Shop, order: dict[str, Any]) -> bool:
    ids = [line["variation_id"] or line["product_id"] for line in order["line_items"]]
    return any((shop.read("product", id) or {}).get("downloadable") for id in ids)
