"""A shop that answers over a real connection with what a test puts into it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.base import Store
from flows.commerce import Platform
from tests.connectors.woocommerce.scripted_shop import HOME, KEYS, Call, Shop
from wire.http import HttpClient


@pytest.fixture
def shop() -> Iterator[Shop]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            params = {name: values[0] for name, values in parse_qs(parts.query).items()}
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, parts.path, params, headers, json.loads(raw) if raw else None)
            status, body, extra = given.answer(call)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=UTF-8", **extra}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET

        def date_time_string(self, timestamp: float | None = None) -> str:
            return given.date or super().date_time_string(timestamp)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        client = HttpClient(
            {HOME: f"http://127.0.0.1:{server.server_address[1]}"}, pause=lambda seconds: None
        )
        given = Shop(
            Store(Platform.WOOCOMMERCE, "larkhus.example", HOME, client, currency="EUR", secrets=KEYS)
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield given
        server.shutdown()
        thread.join()
        client.adapter.close()
