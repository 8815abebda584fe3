"""A fake Shopify that really listens, and a shop of it that is connected here: everything between them
goes over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database, open_database
from app.services.ack import Door, accept
from app.services.errands import run_errand
from app.services.heal import run_poll
from app.services.install import Attempt, connect
from app.services.intake import take_in
from app.services.stores import Stores
from app.services.switches import switch_on
from connectors.base import Delivery
from connectors.registry import connector_for
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.keys import AppKeys
from flows.commerce import Platform
from flows.presets import PRESETS
from sandbox.settings import Settings
from tests.app.desk import KEYS
from tests.sandbox.shopify.conftest import pictures, schema, settings
from tests.sandbox.shopify.running import KEY, MAIN, SECRET, Api, Receiver, Store, receiving, serving
from wire.http import HttpClient

__all__ = ["pictures", "schema", "settings"]

SHOPIFY = ShopifyConnector()


@dataclass
class Site:
    """Our side of one shop. `now` and `real` only grow."""

    database: Database
    store: Store
    stores: Stores
    shop_id: int
    api: Api
    now: datetime
    real: datetime

    def due(self, *nouns: str) -> None:
        """These from their beginning, and no others."""
        self.rows(
            "UPDATE polls SET cursor = NULL, began_at = NULL, held = false,"
            " next_at = CASE WHEN noun = any(:nouns) THEN :real ELSE 'infinity' END RETURNING 1",
            nouns=list(nouns),
            real=self.real,
        )

    def poll(self, *nouns: str) -> None:
        """These alone, until none of them is due any more; the shop's waits are jumped over."""
        self.due(*nouns)
        self.finish()

    def turn(self, *, whole: bool = False) -> bool:
        """One poll: a page of it, or all."""
        return run_poll(self.database, self.stores, self.now, self.real, lambda: not whole)

    def finish(self, within: timedelta = timedelta(hours=2)) -> None:
        until = self.real + within
        while self.real < until:
            while self.turn(whole=True):
                pass
            if not self.rows("SELECT FROM polls WHERE began_at IS NOT NULL"):
                return
            self.real += timedelta(seconds=1)
            time.sleep(0.005)  # the shop's own work takes real time

    def errands(self) -> int:
        count = 0
        while run_errand(self.database, self.stores, self.now, self.real):
            count += 1
        return count

    def hear(self, deliveries: Any) -> int:
        """Takes in what a receiver got, as the web process would."""
        for one in deliveries:
            headers = {name.lower(): value for name, value in one.headers.items()}
            verified = SHOPIFY.verify_webhook(Delivery(headers, one.raw), (SECRET,))
            assert accept(self.database, Door(Platform.SHOPIFY, domain=MAIN), verified, one.raw, self.real)
        taken = 0
        while done := take_in(self.database, connector_for, KEYS, self.now, self.real):
            taken += done
        return taken

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.database.shops(self.shop_id) as session:
            return list(session.execute(text(sql), values))

    def one(self, sql: str, **values: Any) -> Any:
        return self.rows(sql, **values)[0][0]

    def quirks(self, **wanted: Any) -> None:
        self.store.post("/sandbox/quirks", wanted)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with serving(settings) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


@pytest.fixture
def db(database: Any) -> Iterator[Database]:
    opened = open_database(database.app_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def site(db: Database, store: Store, tmp_path: Path) -> Site:
    """Connected now; its past lies before. Every preset is on."""
    now = datetime.now(UTC)
    http = HttpClient({f"https://{MAIN}": store.address})
    stores = Stores(connector_for, KEYS, http, "https://app.example", AppKeys(KEY, SECRET), db)
    token = store.install()
    granted = Api(store, token).data("{ currentAppInstallation { accessScopes { handle } } }")
    scopes = [one["handle"] for one in granted["currentAppInstallation"]["accessScopes"]]
    secrets = {"access_token": token, "scope": ",".join(scopes)}
    attempt = Attempt(Platform.SHOPIFY, MAIN, f"https://{MAIN}")
    shop = connect(db, KEYS, attempt, secrets, now, now)
    with db.shops(shop.shop_id) as session:
        session.execute(text("UPDATE shops SET currency = 'USD', timezone = 'America/Chicago'"))
        for flow in PRESETS:
            switch_on(session, shop.shop_id, flow.key, now)
    store.post("/sandbox/quirks", {"bulk_seconds": 0.05})
    return Site(db, store, stores, shop.shop_id, Api(store, token), now, now)
