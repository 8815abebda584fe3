"""One running Doorstep with both sandbox stores, as `doorstep up` starts it; stories are told to it."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text

from app.cli.settings import environment_file
from app.config import Config
from app.db import Database, open_database
from tests import running
from tests.running import Start, begin, nothing_left

SHOPIFY, WOOCOMMERCE = "hollow-pine.myshopify.com", "larkhus.example"
STORES = {SHOPIFY: 1, WOOCOMMERCE: 2}


@dataclass
class Placed:
    """An order in one of the stores."""

    shop: str
    id: str
    number: str
    line_ids: list[str]
    email: str


@dataclass
class Road:
    """Hands for shopper, merchant and operator; eyes on the outbox and the ledger."""

    start: Start
    database: Database

    def order(self, shop: str, email: str, *skus: str, **more: Any) -> Placed:
        body = {"lines": [{"sku": sku, "quantity": 1} for sku in skus], "email": email, "first_name": "Ada"}
        made = self.post(shop, "/sandbox/orders", {**body, **more})
        return Placed(shop, str(made["id"]), str(made["number"]), [str(x) for x in made["line_ids"]], email)

    def act(self, order: Placed, action: str, **more: Any) -> dict[str, Any]:
        return self.post(order.shop, f"/sandbox/orders/{order.id}/{action}", more)

    def post(self, shop: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        address = f"http://127.0.0.1:{self.start.port + STORES[shop]}{path}"
        answer = requests.post(address, json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What the person got, oldest first."""
        answer = self.start.get(0, f"/dev/outbox.json?to={to}")
        return sorted(answer.json(), key=lambda mail: (mail["sent_at"], mail["id"]))

    def until(self, to: str, steps: list[str], within: float = 30.0) -> list[dict[str, Any]]:
        """Waits until exactly these mails (flow/step) have come."""
        end = time.monotonic() + within
        while (got := _steps(found := self.mails(to))) != steps:
            assert time.monotonic() < end, f"{got} instead of {steps}"
            time.sleep(0.1)
        return found

    def steps(self, to: str) -> list[str]:
        return _steps(self.mails(to))

    def wait(self, span: str) -> None:
        """Business time passes."""
        self.rest()
        self.start.command("clock", "advance", span)

    def rest(self) -> None:
        """Until the stores have said all they had to say, and the app has worked through it."""
        quiet = 0
        while quiet < 3:
            busy = self.rows("SELECT 1 FROM inbox WHERE state = 'new'") or self.rows(
                "SELECT 1 FROM wishes WHERE state = 'open' AND attempts = 0"
            )
            quiet = 0 if busy else quiet + 1
            time.sleep(0.4)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.database.nobody() as session:
            ids = [row.id for row in session.execute(text("SELECT id FROM shops"))]
        with self.database.shops(*ids) as session:
            return list(session.execute(text(sql), values))

    def events(self, order: Placed) -> list[str]:
        """Kinds of what happened, in their order."""
        rows = self.rows(
            "SELECT e.kind FROM events e JOIN shops s ON s.id = e.shop_id"
            " WHERE s.domain = :shop AND e.order_id = :order ORDER BY e.happened_at, e.kind",
            shop=order.shop,
            order=order.id,
        )
        return [row.kind for row in rows]


def _steps(mails: list[dict[str, Any]]) -> list[str]:
    return [f"{mail['flow']}/{mail['step']}" for mail in mails]


data = running.data


@pytest.fixture(scope="module")
def road(data: Path) -> Iterator[Road]:
    start = begin(data)
    start.until("Doorstep is up")
    config = Config.from_environ(json.loads(environment_file(data).read_text()))
    database = open_database(config.database_url, pooled=False)
    yield Road(start, database)
    database.engine.dispose()
    start.process.send_signal(signal.SIGINT)
    start.process.wait(60)
    nothing_left(start)
