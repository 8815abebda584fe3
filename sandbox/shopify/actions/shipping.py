"""The merchant ships parcels, and the carrier reports what happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbox.shopify.actions.change import Change, chosen_pieces, find_order
from sandbox.shopify.bodies.fulfillments import MESSAGES, new_event, new_fulfillment
from sandbox.shopify.shop import not_before
from sandbox.store import Refusal

DEFAULT_CARRIER = "UPS"


def ship(
    change: Change,
    order_id: str,
    lines: list[tuple[str, int]] | None = None,
    carrier: str = DEFAULT_CARRIER,
    tracking_number: str | None = None,
) -> dict[str, Any]:
    """One parcel with `lines`, or with all that is left. Raises Refusal 404, 409."""
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        if order["cancelled_at"]:
            raise Refusal(409, "a cancelled order cannot be shipped")
        left = {str(line["id"]): int(line["fulfillable_quantity"]) for line in order["line_items"]}
        pieces = chosen_pieces(lines, left, "left to ship")
        _take_off(order, pieces)
        parcel = new_fulfillment(change.shop, order, pieces, carrier, tracking_number, change.now())
        order["fulfillments"].append(parcel)
        change.tell(parcel, "fulfillments/create")
        whole = order["fulfillment_status"] == "fulfilled"
        topic = "orders/fulfilled" if whole else "orders/partially_fulfilled"
        change.keep_order(order, topic, "orders/updated")
    return {"parcel_id": str(parcel["id"])}


def scan_word(arguments: Mapping[str, Any]) -> str:
    """Raises Refusal 400 for a word that the platform's carriers do not have."""
    if arguments.get("status") not in MESSAGES:
        raise Refusal(400, f"`status` must be one of {', '.join(MESSAGES)}")
    return str(arguments["status"])


def report(change: Change, order_id: str, status: str, parcel_id: str | None = None) -> dict[str, Any]:
    """The carrier's scan `status` for one parcel, or for all that are still on their way.

    Raises Refusal 404 for an unknown parcel, 409 where none is on its way.
    """
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        parcels = _on_their_way(order, parcel_id)
        events = [_scan(change, order, parcel, status) for parcel in parcels]
        change.keep_order(order, "orders/updated")
    return {
        "parcel_ids": [str(parcel["id"]) for parcel in parcels],
        "event_ids": [str(event["id"]) for event in events],
    }


def _take_off(order: dict[str, Any], pieces: dict[str, int]) -> None:
    """Moves `pieces` from "to ship" to "shipped", per line and for the order."""
    for line in order["line_items"]:
        line["fulfillable_quantity"] -= pieces.get(str(line["id"]), 0)
        if line["fulfillable_quantity"] == 0:
            line["fulfillment_status"] = "fulfilled"
        elif str(line["id"]) in pieces:
            line["fulfillment_status"] = "partial"
    left = any(line["fulfillable_quantity"] for line in order["line_items"])
    order["fulfillment_status"] = "partial" if left else "fulfilled"


def _on_their_way(order: dict[str, Any], parcel_id: str | None) -> list[dict[str, Any]]:
    parcels = [parcel for parcel in order["fulfillments"] if parcel_id in (None, str(parcel["id"]))]
    if parcel_id is not None and not parcels:
        raise Refusal(404, f"no parcel {parcel_id} in order {order['name']}")
    moving = [parcel for parcel in parcels if parcel["shipment_status"] != "delivered"]
    if not moving:
        raise Refusal(409, "no parcel is on its way")
    return moving


def _scan(change: Change, order: dict[str, Any], parcel: dict[str, Any], status: str) -> dict[str, Any]:
    shop = change.shop
    moment = not_before(parcel["updated_at"], change.now())
    expected = moment + timedelta(days=2) if status == "delayed" else None
    event = new_event(shop, parcel, status, moment, expected)
    parcel |= {"shipment_status": status, "updated_at": shop.local(moment)}
    scans = shop.read("scans", str(order["id"])) or {"events": []}
    shop.write("scans", {"events": [*scans["events"], event]}, str(order["id"]))
    change.tell(event, "fulfillment_events/create")
    change.tell(parcel, "fulfillments/update")
    return event
