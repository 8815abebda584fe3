"""A shop that answers over a real connection with what a test puts into it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.base import Store
from flows.commerce import Platform
from wire.http import HttpClient

HOME = "https://larkhus.example"
KEYS = {"consumer_key": "ck_" + "a" * 40, "consumer_secret": "cs_" + "b" * 40}


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass
class Shop:
    """`answers` by "GET /wp-json/...": what is given in turn; the last one again and again."""

    store: Store
    answers: dict[str, list[tuple[int, bytes, Mapping[str, str]]]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def will(self, what: str, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """`what` is the method and the path below wc/v3; a text body is sent as it is."""
        method, _, path = what.partition(" ")
        full = path if path.startswith("/") else f"/wp-json/wc/v3/{path}"
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.answers.setdefault(f"{method} {full}", []).append((status, data, dict(headers or {})))

    def answer(self, call: Call) -> tuple[int, bytes, Mapping[str, str]]:
        self.calls.append(call)
        known = self.answers.get(f"{call.method} {call.path}")
        if not known:
            return 404, b'{"code":"rest_no_route","message":"No route","data":{"status":404}}', {}
        return known.pop(0) if len(known) > 1 else known[0]

    def asked(self) -> list[str]:
        return [f"{call.method} {call.path.removeprefix('/wp-json/wc/v3/')}" for call in self.calls]


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
