"""One order of a WooCommerce shop, told again and again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.base import Reading, ShipmentWords, Store
from connectors.fields import body
from connectors.woocommerce.fulfillments import fulfilled_parcels
from connectors.woocommerce.normalise import normalise
from flows.commerce import Platform
from tests.app.desk import Desk
from wire.http import HttpClient

PAYLOADS = Path(__file__).parents[2] / "payloads/woocommerce"
TRACKING = "_wc_shipment_tracking_items"
PLACED = datetime(2026, 11, 2, 9, 1, tzinfo=UTC)


class Orders:
    """One order of the shop, told again and again."""

    def __init__(self, desk: Desk, **words: Any) -> None:
        self.desk, self.words, self.minute = desk, ShipmentWords(**words), 0
        told = json.loads((PAYLOADS / "order.created.paid.json").read_text())["body"]
        for name in ("created", "modified", "paid"):
            told[f"date_{name}_gmt"] = written(PLACED)
        self.told = told

    def say(self, status: str, meta: dict[str, Any] | None = None, **changes: Any) -> Reading:
        """A newer state of it arrives as a message."""
        self.change(status, meta, **changes)
        return self.again()

    def change(self, status: str, meta: dict[str, Any] | None = None, **changes: Any) -> Reading:
        """A newer state of it, of which nobody hears yet."""
        self.minute += 1
        self.desk.now = PLACED + timedelta(minutes=self.minute)
        entries = [
            {"id": at, "key": key, "value": value} for at, (key, value) in enumerate((meta or {}).items())
        ]
        self.told |= {"status": status, "meta_data": entries, **changes}
        self.told["date_modified_gmt"] = written(self.desk.now)
        return self.reading()

    def again(self, **words: Any) -> Reading:
        """The same state once more, as a poll reads it, in the words of by now."""
        self.words = ShipmentWords(**words) if words else self.words
        reading = self.reading()
        self.desk.read(reading)
        return reading

    def reading(self) -> Reading:
        store = Store(
            Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example", HttpClient(), words=self.words
        )
        return normalise("order.updated", self.told, store)

    def fulfil(self, *entries: dict[str, Any]) -> None:
        """What a GET of the fulfilments gives; the order's own body has just been told."""
        (order,) = normalise("order.updated", self.told).orders
        parcels = fulfilled_parcels(body({"fulfillments": list(entries)}, "x"), order)
        self.desk.read(Reading(orders=(order,), parcels=parcels, all_parcels_of=(order.id,)))

    def mails(self) -> list[str]:
        """Of which parcels a mail says that it left."""
        rows = self.desk.rows(
            "SELECT parcel_id FROM messages WHERE flow_key = 'shipped' AND order_id = '13' ORDER BY id"
        )
        return [row.parcel_id for row in rows]

    def numbers(self) -> list[str]:
        """Those that the page shows."""
        rows = self.desk.rows(
            "SELECT body->>'tracking_number' AS number FROM parcels WHERE NOT (body->>'vanished')::boolean"
            " ORDER BY number"
        )
        return [row.number for row in rows]

    def live(self) -> list[str]:
        rows = self.desk.rows("SELECT id FROM parcels WHERE NOT (body->>'vanished')::boolean ORDER BY id")
        return [row.id for row in rows]

    def events(self) -> list[str]:
        return [row.kind for row in self.desk.rows("SELECT kind FROM events ORDER BY id")]


def entry(number: str, id: str = "one", **more: Any) -> dict[str, Any]:
    return {"tracking_provider": "dhl", "tracking_number": number, "tracking_id": id, **more}


def fulfilment(id: int, number: str, **more: Any) -> dict[str, Any]:
    meta = [
        {"id": 1, "key": "_items", "value": [{"item_id": 4, "qty": 1}]},
        {"id": 2, "key": "_tracking_number", "value": number},
        {"id": 3, "key": "_shipment_provider", "value": "ups"},
    ]
    return {"id": id, "is_fulfilled": True, "date_updated": "2026-11-02 09:01:30", "meta_data": meta, **more}


def written(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat()
