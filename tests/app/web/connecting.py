"""A WooCommerce store that listens, and a merchant's browser at our pages for connecting it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.app.web.conftest import Site
from tests.connectors.woocommerce.conftest import shop
from tests.connectors.woocommerce.recordings import rest
from tests.connectors.woocommerce.scripted_shop import HOME, KEYS, Shop
from tests.wire.conftest import canary
from wire.http import HttpClient

__all__ = ["HOME", "INDEX", "KEYS", "NEW", "STATUS", "Connecting", "canary", "connecting", "shop"]

INDEX = {"name": "Larkhus", "home": HOME, "namespaces": ["wc/v3", "wp/v2"]}
STATUS = rest("system_status")["body"]
NEW = "https://new-shop.example"


@dataclass
class Connecting:
    """`new`: the same store under a name that nobody has connected yet."""

    site: Site
    store: Shop
    new: str = NEW

    def well(self) -> None:
        """As the recorded store answers."""
        self.store.answers.clear()
        self.store.will("GET /wp-json/", {**INDEX, "home": ""})
        self.store.will("GET system_status", STATUS)
        self.store.will("POST webhooks", rest("webhook_bad_topic")["body"], 400)

    def refuses(self, body: Any, status: int, headers: dict[str, str] | None = None) -> None:
        self.store.answers.clear()
        for what in ("GET /wp-json/", "GET /", "GET system_status", "POST webhooks"):
            self.store.will(what, body, status, headers)

    def begin(self, typed: str = NEW, **options: Any) -> TestResponse:
        return self.site.client.get("/woocommerce/install", query_string={"shop": typed}, **options)

    def reference(self, typed: str = NEW) -> str:
        answer = self.begin(typed)
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["Location"]).query)["user_id"][0]

    def hand_over(self, reference: str, *, caller: str = "", **changes: Any) -> TestResponse:
        body = {"key_id": 1, "user_id": reference, "key_permissions": "read_write", **KEYS, **changes}
        headers = {"User-Agent": caller or "WordPress/6.8.8; https://new-shop.example"}
        return self.site.client.post(f"/woocommerce/callback/{reference}", json=body, headers=headers)

    def type_keys(self, typed: str = NEW, **changes: Any) -> TestResponse:
        return self.site.client.post("/woocommerce/keys", data={"shop": typed, **KEYS, **changes})

    def attempts(self) -> int:
        with self.site.runtime.database.nobody() as session:
            return int(session.execute(text("SELECT count(*) FROM install_attempts")).scalar_one())

    def shops(self) -> dict[str, str]:
        """Every shop and the key that is kept for it."""
        at = self.site.runtime
        with at.database.nobody() as session:
            rows = session.execute(text("SELECT id, domain FROM shops WHERE platform = 'woocommerce'")).all()
        found = {}
        for row in rows:
            with at.database.shops(row.id) as session:
                store = at.stores().open(session, row.id, at.clock.real())
            found[row.domain] = store.secrets["consumer_key"] if store else ""
        return found


@pytest.fixture
def connecting(site: Site, shop: Shop) -> Iterator[Connecting]:
    origin = shop.store.http.origins[HOME]
    client = HttpClient({HOME: origin, NEW: origin}, pause=lambda seconds: None)
    site.runtime = replace(site.runtime, http=client)
    site.client.application.extensions["doorstep"] = site.runtime
    made = Connecting(site, shop)
    made.well()
    yield made
    client.adapter.close()
