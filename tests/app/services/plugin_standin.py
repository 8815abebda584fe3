"""Stands where a store with our plugin would: remembers what it was told, and answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from app.services.stores import Stores
from connectors.base import Store
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from flows.commerce import Platform
from tests.app.desk import Desk
from wire.http import HttpClient

ORIGIN = "https://larkhus.example"
APP = "https://app.example"
SETTINGS = "/wp-json/wc-doorstep/v1/settings"
API = "/wp-json/wc/v3/"
ANSWER = {
    "connected": True,
    "version": "1.0.0",
    "wordpress": "6.8.8",
    "woocommerce": "10.2.4",
    "php": "8.2.1",
    "offset": 0,
}


@dataclass
class Plugin:
    """`says`: status and body of its answers. `meanwhile`: called once, before the next answer leaves.
    `orders`: what the store's API has, by id; `asked`: which addresses below it were called."""

    address: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    says: tuple[int, Any] = (200, ANSWER)
    meanwhile: Callable[[], None] | None = None
    orders: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: int = 0
    left: int = 0

    def answer(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        place, _, query = path.partition("?")
        if place == SETTINGS:
            self.told.append(json.loads(body))
            self.headers.append(headers)
            return self.says
        self.asked.append(place.removeprefix(API))
        if self.broken:
            return self.broken, {"code": "internal_server_error"}
        if place == f"{API}orders":
            wanted = parse_qs(query).get("include", [""])[0].split(",")
            return 200, [self.orders[one] for one in wanted if one in self.orders]
        number = place.rpartition("/")[2]
        if place.startswith(f"{API}orders/") and number in self.orders:
            return 200, self.orders[number]
        return 404, {"code": "woocommerce_rest_shop_order_invalid_id"}

    @property
    def mails_off(self) -> list[str]:
        """As it was told last."""
        return list(self.told[-1]["mails_off"])

    def stores(self, desk: Desk) -> Stores:
        http = HttpClient(origins={ORIGIN: self.address})
        return Stores(connector_for, desk.keys, http, APP, AppKeys("", "", None), desk.database)

    def store(self, desk: Desk) -> Store:
        keys = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
        return Store(Platform.WOOCOMMERCE, "larkhus.example", ORIGIN, self.stores(desk).http, secrets=keys)


@contextmanager
def plugin_standin() -> Iterator[Plugin]:
    held = Plugin()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said = held.answer(self.path, body, dict(self.headers.items()))
            told = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def do_DELETE(self) -> None:
            held.left += self.path.partition("?")[0] == SETTINGS
            said = json.dumps({"connected": False}).encode()
            self.send_response(held.says[0])
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = answer

        def log_message(self, *words: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()
