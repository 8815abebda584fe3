"""Parcels and what happens to them, as the fulfillments/* and fulfillment_events/* topics carry it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.shopify.bodies.lines import line_inside
from sandbox.shopify.shop import Shop

_TRACKING_PAGES = {
    "UPS": "https://www.ups.com/track?tracknum={}",
    "USPS": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={}",
    "DHL Express": "https://www.dhl.com/us-en/home/tracking.html?tracking-id={}",
}
# Every word that a carrier's scan may have, with what the carrier says.
MESSAGES = {
    "label_purchased": "Label purchased",
    "label_printed": "Label printed",
    "confirmed": "Confirmed",
    "carrier_picked_up": "Picked up by the carrier",
    "in_transit": "In transit",
    "delayed": "Delayed: the parcel missed its connection",
    "out_for_delivery": "Out for delivery",
    "attempted_delivery": "Nobody was at home",
    "ready_for_pickup": "Ready to be picked up",
    "failure": "It could not be delivered",
    "delivered": "Delivered",
}


def new_fulfillment(
    shop: Shop,
    order: dict[str, Any],
    pieces: Mapping[str, int],
    carrier: str,
    tracking_number: str | None,
    moment: datetime,
) -> dict[str, Any]:
    """`pieces`: line id -> how many of them are in this parcel."""
    id = shop.new_id("fulfillment")
    number = tracking_number or _number(shop, carrier)
    page = _TRACKING_PAGES.get(carrier)
    url = page.format(number) if page else None
    at = shop.local(moment)
    return {
        "id": id,
        "order_id": order["id"],
        "status": "success",
        "created_at": at,
        "service": "manual",
        "updated_at": at,
        "tracking_company": carrier,
        "shipment_status": None,
        "location_id": shop.profile()["primary_location_id"],
        "origin_address": {},
        "email": order["email"],
        "destination": order["shipping_address"],
        "line_items": [
            line_inside(line, pieces[str(line["id"])])
            for line in order["line_items"]
            if str(line["id"]) in pieces
        ],
        "tracking_number": number,
        "tracking_numbers": [number],
        "tracking_url": url,
        "tracking_urls": [url] if url else [],
        "receipt": {},
        "name": f"{order['name']}.{len(order['fulfillments']) + 1}",
        "admin_graphql_api_id": f"gid://shopify/Fulfillment/{id}",
    }


def new_event(
    shop: Shop, fulfillment: dict[str, Any], status: str, moment: datetime, expected: datetime | None = None
) -> dict[str, Any]:
    """`expected`: when the parcel should arrive now."""
    id = shop.new_id("fulfillment_event")
    place = fulfillment["destination"] or {}
    at = shop.local(moment)
    return {
        "id": id,
        "fulfillment_id": fulfillment["id"],
        "status": status,
        "message": MESSAGES[status],
        "happened_at": at,
        "city": place.get("city"),
        "province": place.get("province"),
        "country": place.get("country_code"),
        "zip": place.get("zip"),
        "address1": None,
        "latitude": None,
        "longitude": None,
        "shop_id": shop.profile()["id"],
        "created_at": at,
        "updated_at": at,
        "estimated_delivery_at": None if expected is None else shop.local(expected),
        "order_id": fulfillment["order_id"],
        "admin_graphql_api_id": f"gid://shopify/FulfillmentEvent/{id}",
    }


def fulfillment_on_order(fulfillment: dict[str, Any]) -> dict[str, Any]:
    """An order does not repeat its own address and e-mail in every parcel."""
    return {key: value for key, value in fulfillment.items() if key not in ("email", "destination")}


def _number(shop: Shop, carrier: str) -> str:
    count = shop.new_id("tracking")
    return f"1Z7X58E0{count % 10**10:010d}" if carrier == "UPS" else f"94{count:020d}"
