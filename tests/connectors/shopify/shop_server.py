"""A loopback stand-in for Shopify's servers: a test says what each call is answered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from connectors.base import Store
from flows.commerce import Platform
from wire.http import HttpClient

SHOP = "hollow-pine.myshopify.com"
TOKEN = "shpat_secret"


@dataclass(frozen=True)
class Call:
    """What arrived. `headers` have lower-case names."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Answering = Callable[[Call], Reply]


@dataclass
class ShopServer:
    """`calls`: what arrived; `pauses`: what the client waited between tries, in seconds."""

    origin: str
    calls: list[Call]
    pauses: list[float]

    @property
    def http(self) -> HttpClient:
        return HttpClient(origins={f"https://{SHOP}": self.origin}, pause=self.pauses.append)

    @property
    def store(self) -> Store:
        return Store(
            platform=Platform.SHOPIFY,
            domain=SHOP,
            base_url=f"https://{SHOP}",
            http=self.http,
            currency="USD",
            timezone="America/Chicago",
            secrets={"access_token": TOKEN},
            front_url="https://hollowpine.example",
            scopes=("read_orders", "read_returns"),
        )


@contextmanager
def shop_server(answer: Answering) -> Iterator[ShopServer]:
    calls: list[Call] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.path, headers, json.loads(raw))
            calls.append(call)
            reply = answer(call)
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield ShopServer(f"http://127.0.0.1:{server.server_address[1]}", calls, [])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_turn(*replies: Reply) -> Answering:
    """Each reply once; the last one for every further call."""
    waiting = list(replies)

    def answer(call: Call) -> Reply:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return answer
