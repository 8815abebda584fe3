"""What stands where the app would: it listens for webhooks and keys, and answers as a test wishes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request as it came in; header names as they were written."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def topic(self) -> str:
        return self.headers.get("X-WC-Webhook-Topic", "")

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Receiver:
    """`status` answers a request: its HTTP status, told by how many came before."""

    port: int
    got: list[Received] = field(default_factory=list)
    status: Callable[[int], int] = lambda number: 200
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, topic: str) -> list[Received]:
        return [one for one in self.got if one.topic == topic]

    def only(self, topic: str) -> Received:
        (found,) = self.of(topic)
        return found


@contextmanager
def receiving(port: int) -> Iterator[Receiver]:
    receiver = Receiver(port)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.lock:
                number = len(receiver.got)
                receiver.got.append(Received(self.path, dict(self.headers.items()), raw))
            self.send_response(receiver.status(number))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()
