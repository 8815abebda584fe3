"""The whole round through the fake store: a parcel, our link in its place, and the news of that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database, open_database
from app.services.features import TRACKING_LINKS
from app.services.install import Attempt, connect
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.store_writes import run_write
from app.services.stores import Stores
from connectors.base import Store as Connected
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.keys import AppKeys
from connectors.shopify.scopes import SCOPES
from flows.commerce import Platform
from tests.app.desk import KEYS
from tests.sandbox.shopify.running import KEY, MAIN, SECRET, Receiver, Store
from wire.http import HttpClient

DOOR = ShopifyConnector()
RIGHT = "write_merchant_managed_fulfillment_orders"
NOW = datetime.now(UTC)


@pytest.fixture
def opened(database: Any) -> Iterator[Database]:
    held = open_database(database.app_url)
    yield held
    held.engine.dispose()


def test_our_link_is_written_once_and_its_news_leads_to_nothing(
    store: Store, receiver: Receiver, opened: Database
) -> None:
    scopes = ",".join((*SCOPES, RIGHT))
    token = store.install_with(scopes)
    http = HttpClient({f"https://{MAIN}": store.address}, pause=lambda seconds: None)
    attempt = Attempt(Platform.SHOPIFY, MAIN, f"https://{MAIN}")
    shop = connect(opened, KEYS, attempt, {"access_token": token, "scope": scopes}, NOW, NOW).shop_id
    with opened.shops(shop) as session:
        session.execute(text("UPDATE shops SET scopes = :scopes"), {"scopes": scopes})
        session.execute(
            text("INSERT INTO features VALUES (:shop, :key, true, :now)"),
            {"shop": shop, "key": TRACKING_LINKS.key, "now": NOW},
        )
    stores = Stores(lambda _: DOOR, KEYS, http, "https://app.example", AppKeys(KEY, SECRET, None), opened)
    connected = Connected(Platform.SHOPIFY, MAIN, f"https://{MAIN}", http, secrets={"access_token": token})
    DOOR.subscribe(connected, receiver.address, SECRET)
    heard = 0

    def listen() -> list[str]:
        """What the store said since, applied; the topics."""
        nonlocal heard
        store.settle()
        news, heard = receiver.got[heard:], len(receiver.got)
        for one in news:
            with opened.shops(shop) as session:
                lock_shop(session, shop)
                reading = DOOR.normalise(one.topic, json.loads(one.raw), connected)
                apply_readings(session, [(shop, reading)], KEYS, NOW, NOW)
        return [one.topic for one in news]

    def writes() -> list[tuple[str, str, str | None]]:
        with opened.shops(shop) as session:
            rows = session.execute(text("SELECT key, state, error FROM store_writes ORDER BY key"))
            return [(row.key, row.state, row.error) for row in rows]

    order = store.order()
    store.post(
        f"/sandbox/orders/{order['id']}/ship", {"carrier": "Harbour Couriers", "tracking_number": "HC1"}
    )
    assert "fulfillments/create" in listen()
    ((key, state, _),) = writes()
    assert state == "open"
    assert run_write(opened, stores, NOW)
    assert writes() == [(key, "done", None)]

    assert "fulfillments/update" in listen(), "our write is news of the store"
    told = json.loads(receiver.of("fulfillments/update")[-1].raw)
    link = f"https://app.example/t/{KEYS.sign('tracking', [shop, order['id']])}"
    assert (told["tracking_url"], told["tracking_company"]) == (link, "Harbour Couriers")
    assert writes() == [(key, "done", None)] and not run_write(opened, stores, NOW)
    with opened.shops(shop) as session:
        kept = session.execute(text("SELECT body->>'tracking_url' FROM parcels")).scalar_one()
    assert kept != link, "what the carrier gave is kept"

    known = store.order()
    store.post(f"/sandbox/orders/{known['id']}/ship", {"carrier": "UPS", "tracking_number": "1Z999"})
    listen()
    assert [one[0] for one in writes()] == [key], "a carrier that the store follows is left alone"
