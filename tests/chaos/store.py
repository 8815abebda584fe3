"""What a store answers when the app reads from it. WooCommerce's orders are told from the lives; all
else (Shopify's Admin API, subscriptions, the catalogue) is out of order for the whole run."""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.chaos.driver import Driver
from tests.chaos.lives import Life
from tests.chaos.woocommerce_dialect import order_body, refund_bodies

ORDERS = "/wp-json/wc/v3/orders"
OUT_OF_ORDER = (500, {"code": "out_of_order", "message": "Out of order", "data": {"status": 500}})


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers are killed in the middle of their calls; that is no news here."""


def serve_stores(port: int, driver: Driver) -> ThreadingHTTPServer:
    """On the loopback interface; every shop by its Host header."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            host = self.headers.get("Host", "")
            with driver.lock:
                status, body = _answer(driver, host, parts.path, parse_qs(parts.query))
            self._say(status, body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._say(*OUT_OF_ORDER)

        do_PUT = do_POST

        def _say(self, status: int, body: Any) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = Server(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _answer(driver: Driver, host: str, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
    lives = [life for life in driver.lives.values() if life.shop.domain == host and life.placed_at]
    if path == ORDERS:
        return 200, _changed(lives, query)
    found = re.fullmatch(rf"{ORDERS}/(\d+)(/refunds)?", path)
    if not found:
        return OUT_OF_ORDER
    for life in lives:
        if life.number == int(found[1]):
            return 200, refund_bodies(life) if found[2] else order_body(life)
    return 404, {"code": "woocommerce_rest_shop_order_invalid_id", "message": "", "data": {"status": 404}}


def _changed(lives: list[Life], query: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Oldest change first, one page."""
    after = datetime.fromisoformat(query.get("modified_after", ["2000-01-01"])[0])
    since = after if after.tzinfo else after.replace(tzinfo=UTC)
    changed = [
        (life.changed_at, life.number) for life in lives if life.changed_at and life.changed_at > since
    ]
    size, page = int(query.get("per_page", ["10"])[0]), int(query.get("page", ["1"])[0])
    by_number = {life.number: life for life in lives}
    return [order_body(by_number[number]) for _, number in sorted(changed)[(page - 1) * size : page * size]]
