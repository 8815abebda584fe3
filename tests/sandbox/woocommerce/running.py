"""A fake WooCommerce that really listens, and what a test may do with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from flask import Flask, request
from werkzeug.serving import make_server

from sandbox.server import QuietHandler
from sandbox.settings import Settings
from sandbox.woocommerce.app import create_store
from sandbox.woocommerce.keys import make_key
from sandbox.woocommerce.stores import MAIN_SHOP, Stores
from tests.ports import free_ports
from tests.sandbox.woocommerce.receiving import Receiver

ROOT = Path(__file__).parents[3]
RECORDINGS = ROOT / "tests/payloads/woocommerce"
SECRET = "a-secret-of-the-app-4711"
THROW_AWAY = "throwaway.example"
PATIENCE = 20.0

Body = dict[str, Any]


@dataclass
class Store:
    """`call` is a request to the store as one shop's host; `rest` one with a key. `asked`: method and path
    of every call to the API so far."""

    settings: Settings
    app: Flask
    receiver: Receiver
    shop: str = MAIN_SHOP
    key: tuple[str, str] = ("", "")
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.woocommerce_port}"

    @property
    def stores(self) -> Stores:
        stores: Stores = self.app.extensions["stores"]
        return stores

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Host": self.shop, **options.pop("headers", {})}
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, self.address + path, headers=headers, allow_redirects=False, timeout=30, **options
            )

    def rest(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.call(method, f"/wp-json/wc/v3/{path}", auth=self.key, **options)

    def read(self, path: str, **params: Any) -> Any:
        answer = self.rest("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Body | None = None, status: int = 200) -> Any:
        """To the control routes."""
        answer = self.call("POST", path, json=body or {})
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order(self, *skus: str, **more: Any) -> Body:
        lines = [{"sku": sku, "quantity": 1} for sku in skus or ("LK-CANDLE-6",)]
        placed: Body = self.post("/sandbox/orders", {"email": "kim.vale@example.com", "lines": lines} | more)
        return placed

    def act(self, order: Body, action: str, **arguments: Any) -> Any:
        return self.post(f"/sandbox/orders/{order['id']}/{action}", arguments)

    def listen(self, *topics: str) -> dict[str, int]:
        """Webhook ids by topic, each telling the receiver under a path of its own."""
        ids = {}
        for topic in topics:
            url = f"{self.receiver.address}/hooks/{topic}"
            answer = self.rest(
                "POST", "webhooks", json={"topic": topic, "delivery_url": url, "secret": SECRET}
            )
            assert answer.status_code == 201, answer.text
            ids[topic] = answer.json()["id"]
        self.receiver.got.clear()
        return ids

    def settle(self) -> None:
        assert self.stores.deliveries.wait_until_idle(PATIENCE), "webhooks are still being sent"

    def made_key(self, scope: str = "read_write") -> tuple[str, str]:
        made = make_key(self.stores.named(self.shop), scope, "a test")
        return made["consumer_key"], made["consumer_secret"]


@contextmanager
def serving(settings: Settings, receiver: Receiver) -> Iterator[Store]:
    app = create_store(settings)
    server = make_server(
        "127.0.0.1", settings.woocommerce_port, app, threaded=True, request_handler=QuietHandler
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    store = Store(settings, app, receiver)
    app.before_request(lambda: _note(store.asked))
    store.key = store.made_key()
    yield store
    server.shutdown()
    server.server_close()
    thread.join()
    store.stores.close()


def _note(asked: list[tuple[str, str]]) -> None:
    if request.path.startswith("/wp-json"):
        asked.append((request.method, request.path))


def settings_in(folder: Path) -> Settings:
    """On free ports: the app's (where the receiver stands) and the store's, two above."""
    port = free_ports()
    here = f"http://127.0.0.1:{port + 2}"
    return Settings(
        data=folder,
        port=port,
        app_address=f"http://127.0.0.1:{port}",
        shopify_key="not used here",
        shopify_secret="not used here",
        origins={
            f"https://{MAIN_SHOP}": here,
            f"https://{THROW_AWAY}": here,
            "https://doorstep.example": f"http://127.0.0.1:{port}",
        },
        clock_file=folder / "clock",
        record_file=folder / "record",
    )


def recorded(name: str) -> Any:
    return json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))


def signature(raw: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode("ascii")


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.02)
