"""A merchant's hand on the flow pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.clock import Clock
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.switches import switch_on
from connectors.base import Reading
from flows.commerce import ParcelStatus, Platform, Shipped
from flows.presets import PRESETS
from tests.app.desk import KEYS, START, a_parcel, an_order
from tests.app.web.addresses import bearer
from tests.app.web.conftest import Site

WOO = Platform.WOOCOMMERCE


class Hand:
    """Clicks for a merchant of the WooCommerce shop, at an instant that the test sets."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self.now = START + timedelta(days=3)
        monkeypatch.setattr(Clock, "now", lambda _: self.now)

    def get(self, path: str, platform: Platform = WOO) -> TestResponse:
        return self.site.client.get(f"/{platform.value}/app{path}", headers=bearer(self.site, platform))

    def post(self, path: str, **fields: str) -> TestResponse:
        address = f"/woocommerce/app{path}"
        return self.site.client.post(address, data=fields, headers=bearer(self.site, WOO))

    def switch(self, on: bool, **more: str) -> TestResponse:
        return self.post("/flows/review_request/switch", on="1" if on else "0", **more)

    def deliver(self, count: int = 1) -> None:
        """Orders that arrived on 4 November: asked on the 14th at 10:00."""
        shop = self.site.woocommerce.shop_id
        numbers = [str(n) for n in range(100, 100 + count)]
        orders = tuple(an_order(id=n, number=n, shipped=Shipped.ALL) for n in numbers)
        at = START + timedelta(days=2)
        parcels = tuple(
            a_parcel(id=f"t{n}", order_id=n, status=ParcelStatus.DELIVERED, delivered_at=at) for n in numbers
        )
        with self.site.runtime.database.shops(shop) as session:
            for flow in PRESETS:
                switch_on(session, shop, flow.key, START)
            lock_shop(session, shop)
            reading = Reading(orders=orders, parcels=parcels)
            apply_readings(session, [(shop, reading)], KEYS, self.now, START)

    def rows(self, sql: str) -> list[Any]:
        return self.site.rows(sql)

    def changes(self) -> list[tuple[str, str, str]]:
        rows = self.rows("SELECT who, area, words FROM admin_changes ORDER BY id")
        return [(row.who, row.area, row.words) for row in rows]


def words_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
