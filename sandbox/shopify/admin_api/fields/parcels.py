"""Parcels, their scans and their lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.shopify.admin_api.asking import Fields, as_moment, global_id, moment, plain, shouted
from sandbox.shopify.admin_api.connections import Rows, check_limit, in_order, rows
from sandbox.shopify.admin_api.fields.lines import part
from sandbox.shopify.admin_api.sources import ParcelLineOf, ParcelOf, line_of
from sandbox.shopify.shop import number_of

# What the merchant's side says while the carrier says nothing.
_SILENT = {"success": "FULFILLED", "pending": "SUBMITTED", "open": "SUBMITTED", "cancelled": "CANCELED",
           "error": "NOT_DELIVERED", "failure": "NOT_DELIVERED"}  # fmt: skip


def _events(parcel: ParcelOf, asking: Any) -> list[dict[str, Any]]:
    scans = asking.shop.read("scans", number_of(parcel.order)) or {"events": []}
    own = [event for event in scans["events"] if event["fulfillment_id"] == parcel.body["id"]]
    return sorted(own, key=lambda event: (as_moment(event["happened_at"]), event["id"]))


def _event_rows(parcel: ParcelOf, asking: Any, arguments: Any) -> Rows:
    return rows(_events(parcel, asking), _place)


def _place(event: dict[str, Any]) -> tuple[str, int]:
    happened = as_moment(event["happened_at"])
    return (happened.isoformat() if happened else "", event["id"])


def _happened(parcel: ParcelOf, asking: Any, status: str) -> datetime | None:
    times = [event["happened_at"] for event in _events(parcel, asking) if event["status"] == status]
    return as_moment(times[-1]) if times else None


def _expected(parcel: ParcelOf, asking: Any, arguments: Any) -> datetime | None:
    times = [event["estimated_delivery_at"] for event in _events(parcel, asking)]
    told = [time for time in times if time]
    return as_moment(told[-1]) if told else None


def _display(parcel: ParcelOf, asking: Any, arguments: Any) -> str:
    status, news = parcel.body["status"], parcel.body["shipment_status"]
    return str(news).upper() if news and status == "success" else _SILENT[status]


def _tracking(parcel: ParcelOf, asking: Any, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    check_limit("first", arguments.get("first"))
    numbers, urls = parcel.body["tracking_numbers"], parcel.body["tracking_urls"]
    infos = [
        {
            "company": parcel.body["tracking_company"],
            "number": number,
            "url": urls[place] if place < len(urls) else None,
        }
        for place, number in enumerate(numbers)
    ]
    return infos[: arguments.get("first")]


def _lines(parcel: ParcelOf, asking: Any, arguments: Any) -> Rows:
    return in_order([ParcelLineOf(parcel.order, line) for line in parcel.body["line_items"]])


FIELDS: dict[str, Fields] = {
    "Fulfillment": {
        "id": lambda parcel, asking, arguments: f"gid://shopify/Fulfillment/{number_of(parcel.body)}",
        "legacyResourceId": lambda parcel, asking, arguments: int(number_of(parcel.body)),
        "name": part("name"),
        "order": lambda parcel, asking, arguments: parcel.order,
        "status": lambda parcel, asking, arguments: parcel.body["status"].upper(),
        "displayStatus": _display,
        "createdAt": lambda parcel, asking, arguments: as_moment(parcel.body["created_at"]),
        "updatedAt": lambda parcel, asking, arguments: as_moment(parcel.body["updated_at"]),
        "deliveredAt": lambda parcel, asking, arguments: _happened(parcel, asking, "delivered"),
        "inTransitAt": lambda parcel, asking, arguments: _happened(parcel, asking, "in_transit"),
        "estimatedDeliveryAt": _expected,
        "requiresShipping": lambda parcel, asking, arguments: any(
            line["requires_shipping"] for line in parcel.body["line_items"]
        ),
        "totalQuantity": lambda parcel, asking, arguments: sum(
            line["quantity"] for line in parcel.body["line_items"]
        ),
        "trackingInfo": _tracking,
        "fulfillmentLineItems": _lines,
        "events": _event_rows,
    },
    "FulfillmentTrackingInfo": {"company": plain("company"), "number": plain("number"), "url": plain("url")},
    "FulfillmentLineItem": {
        "id": lambda line, asking, arguments: f"gid://shopify/FulfillmentLineItem/{number_of(line.body)}",
        "quantity": part("quantity"),
        "lineItem": lambda line, asking, arguments: line_of(line.order, line.body["id"]),
    },
    "FulfillmentEvent": {
        "id": global_id("FulfillmentEvent"),
        "status": shouted("status"),
        "message": plain("message"),
        "happenedAt": moment("happened_at"),
        "createdAt": moment("created_at"),
        "estimatedDeliveryAt": moment("estimated_delivery_at"),
        "address1": plain("address1"),
        "city": plain("city"),
        "province": plain("province"),
        "country": plain("country"),
        "zip": plain("zip"),
        "latitude": plain("latitude"),
        "longitude": plain("longitude"),
    },
}
