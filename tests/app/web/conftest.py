"""The web application on a real database and a real queue, called in-process."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.config import Config
from app.factory import create_app
from app.runtime import Runtime, build
from app.services.install import Attempt, Connected, connect
from app.services.intake import take_in
from flows.commerce import Platform
from tests.app.desk import KEYS, START

SHOPIFY_SECRET = "shopify-secret-of-the-test-of-32-bytes"
# The recordings are of this minute.
RECORDED = datetime(2026, 11, 21, 20, 40, tzinfo=UTC)
RECORDINGS = Path(__file__).parents[2] / "payloads" / "woocommerce"


@dataclass
class Site:
    """One WooCommerce and one Shopify shop, and the app that they talk to."""

    client: FlaskClient
    runtime: Runtime
    woocommerce: Connected
    shopify: Connected
    now: datetime = RECORDED

    def woo(self, topic: str, body: bytes, **headers: str) -> tuple[int, str]:
        secret = self.runtime.keys.webhook_secret(self.woocommerce.token)
        resource, _, event = topic.partition(".")
        sent = {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": "https://larkhus.example/",
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": _mac(secret, body),
            "X-WC-Webhook-ID": "1",
            "X-WC-Webhook-Delivery-ID": "d7d7fbc4fe3004a41c225f17a1c23a5b",
            **headers,
        }
        address = f"/webhooks/woocommerce/{self.woocommerce.token}"
        answer = self.client.post(address, data=body, headers=_given(sent))
        return answer.status_code, str((answer.get_json(silent=True) or {}).get("outcome", ""))

    def shop(self, topic: str, body: bytes, delivery: str = "w1", **headers: str) -> tuple[int, str]:
        sent = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": _mac(SHOPIFY_SECRET, body),
            "X-Shopify-Shop-Domain": "hollow-pine.myshopify.com",
            "X-Shopify-API-Version": "2026-10",
            "X-Shopify-Webhook-Id": delivery,
            **headers,
        }
        answer = self.client.post("/webhooks/shopify", data=body, headers=_given(sent))
        return answer.status_code, str((answer.get_json(silent=True) or {}).get("outcome", ""))

    def settle(self) -> None:
        at = self.runtime
        while take_in(at.database, at.connector, at.keys, self.now, at.clock.real()):
            pass

    def outcomes(self) -> list[str]:
        return [row.outcome for row in self.rows("SELECT outcome FROM inbox ORDER BY id")]

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.runtime.database.shops(self.woocommerce.shop_id, self.shopify.shop_id) as session:
            return list(session.execute(text(sql), values))


def recording(name: str) -> bytes:
    data = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))
    return base64.b64decode(data["raw_body_base64"])


_made: list[Flask] = []


def application(config: Config, runtime: Runtime) -> Flask:
    """One app for all tests, with the runtime of whoever asks: routes and templates are made once."""
    if not _made:
        _made.append(create_app(config, runtime))
    _made[0].extensions["doorstep"] = runtime
    return _made[0]


@pytest.fixture
def site(database: Any, valkey: str, tmp_path: Path) -> Iterator[Site]:
    config = Config(
        address="http://127.0.0.1:8000",
        port=8000,
        data=tmp_path,
        mail_from_domain="mail.example",
        shopify_api_key="key-of-the-test",
        database_url=database.app_url,
        redis_url=valkey,
        smtp_url="smtp://127.0.0.1:1",
        secret=KEYS.secret,
        encryption_keys=KEYS.encryption,
        shopify_secrets=(SHOPIFY_SECRET,),
    )
    runtime = build(config)
    database_at_start, queue_at_start = runtime.database, runtime.queue
    woocommerce = _connect(runtime, Platform.WOOCOMMERCE, "larkhus.example", {"consumer_key": "ck"})
    shopify = _connect(runtime, Platform.SHOPIFY, "hollow-pine.myshopify.com", {"access_token": "t"})
    yield Site(application(config, runtime).test_client(), runtime, woocommerce, shopify)
    database_at_start.engine.dispose()
    queue_at_start.redis.close()


def _connect(runtime: Runtime, platform: Platform, domain: str, secrets: dict[str, str]) -> Connected:
    attempt = Attempt(platform, domain, f"https://{domain}")
    return connect(runtime.database, runtime.keys, attempt, secrets, START, START, begins_with=())


def _mac(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _given(headers: dict[str, str]) -> dict[str, str]:
    """A header that a test sets to nothing is left out."""
    return {name: value for name, value in headers.items() if value}
