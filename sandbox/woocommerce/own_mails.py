"""The mails that WooCommerce itself would send for what happens to an order, and which of them the plugin
silences. None leaves: they are written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.woocommerce.plugin import plugin_of
from sandbox.woocommerce.shop import Shop, moment_of

FRESH_SECONDS = 30 * 60
_CLOCK_SLIP = 60
_REPLACED = (
    "customer_processing_order", "customer_completed_order", "customer_fulfillment_created",
    "customer_fulfillment_updated", "customer_fulfillment_deleted",
)  # fmt: skip
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
    number = shop.number("own_mail")
    mail = {"id": id, "order": str(order["id"]), "to": to, "sent": not _is_silenced(shop, order, id)}
    shop.write("own_mail", number, mail)


def _is_silenced(shop: Shop, order: dict[str, Any], id: str) -> bool:
    """Only while the app is connected, tells this itself, and was heard of within half an hour of real time;
    and of no order of before, nor of one with downloads, whose links the shop alone has. In every other case
    the shop speaks for itself."""
    plugin = plugin_of(shop)
    if plugin is None or shop.quirks()["app_away"] or id not in _REPLACED or id not in plugin["mails_off"]:
        return False
    placed = moment_of(order["date_created_gmt"])
    if _has_downloads(shop, order) or (placed and placed.timestamp() < plugin["since"]):
        return False
    silence: float = shop.machine_time().timestamp() - plugin["received_at"]
    return -_CLOCK_SLIP <= silence <= FRESH_SECONDS


def _has_downloads(shop: Shop, order: dict[str, Any]) -> bool:
    ids = [line["variation_id"] or line["product_id"] for line in order["line_items"]]
    return any((shop.read("product", id) or {}).get("downloadable") for id in ids)
