"""Parcels of a platform that knows none: what the usual tracking plugins leave in an order.

With the switch `fulfillments` on, the platform's own young fulfilments are written instead.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.store import Refusal
from sandbox.woocommerce import orders, own_mails
from sandbox.woocommerce.announcements import tell_hook
from sandbox.woocommerce.plugin_messages import hint
from sandbox.woocommerce.refunds import refunded_pieces
from sandbox.woocommerce.shop import Shop

TRACKING = "_wc_shipment_tracking_items"
_CARRIER = "dhl"
_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Parcel:
    id: str
    carrier: str
    number: str
    pieces: dict[str, int]


def parcels_of(shop: Shop, order: orders.Order) -> list[Parcel]:
    """From the order's metadata and from fulfilments, in the order of their making."""
    items = orders.meta_of(order, TRACKING) or []
    from_meta = [
        Parcel(
            str(item["tracking_id"]),
            item["tracking_provider"] or item["custom_tracking_provider"],
            item["tracking_number"],
            {str(piece["item_id"]): int(piece["qty"]) for piece in item.get("products_list", [])},
        )
        for item in items
    ]
    return from_meta + [_from_fulfillment(entry) for entry in shop.every(f"fulfillment/{order['id']}")]


def arrive(shop: Shop, order: orders.Order, parcel_id: str | None, now: datetime) -> bool:
    """Marks one parcel, or all, as handed over; True once that makes the order `delivered`.

    The platform has a word for the whole order only, so a single parcel changes nothing before the
    last one has arrived. Raises Refusal.
    """
    parcels = parcels_of(shop, order)
    if not parcels:
        raise Refusal(409, "nothing has been shipped yet")
    if parcel_id is not None and parcel_id not in {parcel.id for parcel in parcels}:
        raise Refusal(404, f"the order has no parcel {parcel_id}")
    with shop.documents.transaction():
        for parcel in parcels:
            if parcel_id in (None, parcel.id):
                shop.write("handed_over", f"{order['id']}/{parcel.id}", {})
        if left_to_ship(shop, order) or not all(has_arrived(shop, order, one.id) for one in parcels):
            return False
        orders.set_status(shop, order, "delivered", now)
        orders.change(shop, order, now)
    return True


def has_arrived(shop: Shop, order: orders.Order, parcel_id: str) -> bool:
    return shop.read("handed_over", f"{order['id']}/{parcel_id}") is not None


def shipped_pieces(shop: Shop, order: orders.Order) -> dict[str, int]:
    pieces: dict[str, int] = {}
    for parcel in parcels_of(shop, order):
        for line_id, quantity in parcel.pieces.items():
            pieces[line_id] = pieces.get(line_id, 0) + quantity
    return pieces


def left_to_ship(shop: Shop, order: orders.Order) -> dict[str, int]:
    """Pieces by line id that were neither shipped nor given back."""
    shipped, refunded = shipped_pieces(shop, order), refunded_pieces(shop, order)
    left = {}
    for line in order["line_items"]:
        id = str(line["id"])
        pieces = line["quantity"] - shipped.get(id, 0) - refunded.get(id, 0)
        if pieces > 0:
            left[id] = pieces
    return left


def ship(
    shop: Shop, order: orders.Order, wanted: Sequence[tuple[str, int]] | None, carrier: str, number: str,
    now: datetime,
) -> str:  # fmt: skip
    """Sends a parcel off and returns its id; `wanted` None: all that is left. Raises Refusal."""
    left = left_to_ship(shop, order)
    pieces = dict(wanted) if wanted is not None else left
    if not pieces or any(quantity > left.get(id, 0) for id, quantity in pieces.items()):
        raise Refusal(409, "there is not that much left to ship")
    carrier = carrier.lower().replace(" ", "-") or _CARRIER
    number = number or f"00340{secrets.randbelow(10**15):015d}"
    done = all(pieces.get(id, 0) == quantity for id, quantity in left.items())
    with shop.documents.transaction():
        if shop.quirks()["fulfillments"]:
            parcel_id = _fulfil(shop, order, pieces, carrier, number, now)
            orders.set_meta(
                shop, order, "_fulfillment_status", "fulfilled" if done else "partially_fulfilled"
            )
        else:
            parcel_id = _track(shop, order, pieces, carrier, number, now)
            orders.set_status(shop, order, "shipped" if done else "partial-shipped", now)
        orders.change(shop, order, now)
    return parcel_id


def correct(shop: Shop, order: orders.Order, parcel_id: str, number: str, now: datetime) -> None:
    """Gives a parcel another number. Raises Refusal 404."""
    items = orders.meta_of(order, TRACKING) or []
    entry = next((item for item in items if item["tracking_id"] == parcel_id), None)
    body = shop.read(f"fulfillment/{order['id']}", parcel_id)
    if entry is None and body is None:
        raise Refusal(404, f"the order has no parcel {parcel_id}")
    with shop.documents.transaction():
        if entry is not None:
            entry["tracking_number"] = number
        if body is not None:
            body["date_updated"] = now.strftime(_MOMENT)
            changed = {"_tracking_number": number, "_tracking_url": f"https://tracking.example/{number}"}
            for meta in body["meta_data"]:
                meta["value"] = changed.get(meta["key"], meta["value"])
            shop.write(f"fulfillment/{order['id']}", parcel_id, body)
            own_mails.on_fulfillment(shop, order, "updated")
        orders.change(shop, order, now)


def _track(
    shop: Shop, order: orders.Order, pieces: dict[str, int], carrier: str, number: str, now: datetime
) -> str:
    product_of = {str(line["id"]): line["product_id"] for line in order["line_items"]}
    item = {
        "tracking_provider": carrier, "custom_tracking_provider": "", "custom_tracking_link": "",
        "tracking_number": number, "date_shipped": str(int(now.timestamp())),
        "tracking_id": secrets.token_hex(16), "status_shipped": "1",
        "products_list": [
            {"product": str(product_of[id]), "item_id": id, "qty": str(quantity)}
            for id, quantity in pieces.items()
        ],
    }  # fmt: skip
    orders.set_meta(shop, order, TRACKING, [*(orders.meta_of(order, TRACKING) or []), item])
    return str(item["tracking_id"])


def _fulfil(
    shop: Shop, order: orders.Order, pieces: dict[str, int], carrier: str, number: str, now: datetime
) -> str:
    id = shop.number("fulfillment")
    at = now.strftime(_MOMENT)
    values = {
        "_items": [{"item_id": int(line_id), "qty": quantity} for line_id, quantity in pieces.items()],
        "_tracking_number": number,
        "_tracking_url": f"https://tracking.example/{number}",
        "_shipment_provider": carrier,
        "_date_fulfilled": at,
    }
    body = {
        "id": id, "fulfillment_id": id, "entity_type": "WC_Order", "entity_id": str(order["id"]),
        "is_fulfilled": True, "status": "fulfilled", "date_updated": at,
        "meta_data": [{"id": shop.number("meta"), "key": key, "value": values[key]} for key in values],
    }  # fmt: skip
    shop.write(f"fulfillment/{order['id']}", id, body)
    own_mails.on_fulfillment(shop, order, "created")
    tell_hook(shop, "woocommerce_fulfillment_created_notification", order["id"], order["id"])
    # Its first argument is an object, of which nothing is left in JSON.
    for hook in ("woocommerce_fulfillment_after_create", "woocommerce_fulfillment_after_fulfill"):
        tell_hook(shop, hook, id, [])
    hint(shop, order["id"], "fulfillment")
    return str(id)


def _from_fulfillment(body: dict[str, Any]) -> Parcel:
    meta = {entry["key"]: entry["value"] for entry in body["meta_data"]}
    pieces = {str(item["item_id"]): int(item["qty"]) for item in meta.get("_items", [])}
    carrier = meta.get("_shipment_provider", meta.get("_shipping_provider", ""))
    return Parcel(str(body["id"]), carrier, meta.get("_tracking_number", ""), pieces)
