"""A fake WooCommerce that really listens, and its main shop connected here: everything between them goes over
HTTP, and every call to the store is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from flask import Response, request
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
from connectors.shopify.keys import AppKeys
from connectors.woocommerce.connector import WooCommerceConnector
from flows.commerce import Platform
from flows.presets import PRESETS
from sandbox.clock import Clock, real_now
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.app.desk import KEYS
from tests.sandbox.woocommerce.conftest import receiver, settings, store
from tests.sandbox.woocommerce.running import Store
from wire.http import HttpClient

__all__ = ["receiver", "settings", "store"]

WOO = WooCommerceConnector()
API = "/wp-json/wc/v3/"


@dataclass
class Site:
    """Our side of the shop. `now` and `real` only grow, and the store's clock goes with them. `calls`: what
    was asked of the store, as "GET orders"; `requests`: how many calls it got in all; `instead`: what it
    answers in its stead."""

    database: Database
    store: Store
    stores: Stores
    shop_id: int
    token: str
    now: datetime
    real: datetime
    calls: list[str] = field(default_factory=list)
    requests: int = 0
    instead: Callable[[], Response | None] = lambda: None

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.real += timedelta(**span)
        Clock(self.store.settings.clock_file).set_offset((self.now - real_now()).total_seconds())

    def only(self, *nouns: str) -> None:
        """These polls are due now, and no others ever."""
        self.rows(
            "UPDATE polls SET cursor = NULL, began_at = NULL, held = false,"
            " next_at = CASE WHEN noun = any(:nouns) THEN :real ELSE 'infinity' END RETURNING 1",
            nouns=list(nouns),
            real=self.real,
        )

    def turn(self) -> bool:
        """The poll that is due first, page by page until it is over or has to wait."""
        return run_poll(self.database, self.stores, self.now, self.real, lambda: False)

    def polls(self) -> int:
        """All that is due. How many were."""
        count = 0
        while self.turn():
            count += 1
        return count

    def poll(self, noun: str) -> None:
        """This one, as if it were due by itself."""
        self.rows(
            "UPDATE polls SET next_at = :real WHERE noun = :noun RETURNING 1", real=self.real, noun=noun
        )
        self.turn()

    def due_in(self, noun: str) -> timedelta:
        at: datetime = self.one("SELECT next_at FROM polls WHERE noun = :noun", noun=noun)
        return at - self.real

    def errands(self) -> int:
        count = 0
        while run_errand(self.database, self.stores, self.now, self.real):
            count += 1
        return count

    def hear(self) -> int:
        """Which webhooks the store has sent since the last time, as the web process would take them."""
        self.store.settle()
        got, self.store.receiver.got[:] = list(self.store.receiver.got), []
        for one in (one for one in got if one.path.startswith("/webhooks/")):
            headers = {name.lower(): value for name, value in one.headers.items()}
            verified = WOO.verify_webhook(Delivery(headers, one.raw), (KEYS.webhook_secret(self.token),))
            if verified.ignored is None:
                door = Door(Platform.WOOCOMMERCE, token=one.path.rpartition("/")[2])
                accept(self.database, door, verified, one.raw, self.real)
        taken = 0
        while done := take_in(self.database, connector_for, KEYS, self.now, self.real):
            taken += done
        return taken

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.database.shops(self.shop_id) as session:
            return list(session.execute(text(sql), values))

    def one(self, sql: str, **values: Any) -> Any:
        return self.rows(sql, **values)[0][0]

    def health(self) -> Any:
        return self.rows("SELECT * FROM store_health")[0]

    def hooks(self) -> list[dict[str, Any]]:
        """As the store keeps them, in the order of their making."""
        found: list[dict[str, Any]] = self.shop().every("webhook")
        return found

    def shop(self) -> Any:
        return self.store.stores.named(MAIN_SHOP)


@pytest.fixture
def db(database: Any) -> Iterator[Database]:
    opened = open_database(database.app_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def site(db: Database, store: Store) -> Site:
    """Connected now; its past lies before. Every preset is on, and no poll has run yet."""
    now = datetime.now(UTC)
    held: list[Site] = []
    calls: list[str] = []

    def note() -> Response | None:
        if not request.path.startswith("/wp-json"):
            return None
        if request.path.startswith(API):
            calls.append(f"{request.method} {request.path.removeprefix(API)}")
        if not held:
            return None
        held[0].requests += 1
        return held[0].instead()

    def date(response: Response) -> Response:
        """The store's machine ages with us."""
        if held and "Date" in response.headers:
            error = store.stores.named(MAIN_SHOP).machine_time() - real_now()
            response.headers["Date"] = format_datetime(held[0].real + error, usegmt=True)
        return response

    store.app.before_request(note)
    store.app.after_request(date)
    http = HttpClient({f"https://{MAIN_SHOP}": store.address}, pause=lambda seconds: None)
    stores = Stores(connector_for, KEYS, http, "https://doorstep.example", AppKeys("", ""), db)
    key, secret = store.key
    attempt = Attempt(Platform.WOOCOMMERCE, MAIN_SHOP, f"https://{MAIN_SHOP}")
    shop = connect(db, KEYS, attempt, {"consumer_key": key, "consumer_secret": secret}, now, now)
    with db.shops(shop.shop_id) as session:
        for flow in PRESETS:
            switch_on(session, shop.shop_id, flow.key, now)
    assert calls == [], "nothing is asked of the store inside of a request"
    held.append(Site(db, store, stores, shop.shop_id, shop.token, now, now, calls))
    return held[0]
