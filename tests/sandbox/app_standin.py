"""Stands where the app would: remembers what a store forwards to it, and answers as a test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    def value(self, name: str) -> str:
        (found,) = [value for key, value in self.query if key == name]
        return found


@dataclass
class App:
    """`answer`: status, headers and body of the next answers; `slow`: seconds before each."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: tuple[int, list[tuple[str, str]], bytes] = (200, [("Content-Type", "text/plain")], b"doorstep")
    slow: float = 0.0

    def says(self, body: str, kind: str, *headers: tuple[str, str], status: int = 200) -> None:
        self.answer = status, [("Content-Type", kind), *headers], body.encode()


@contextmanager
def app_standin() -> Iterator[App]:
    app = App()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = parse_qsl(parts.query, keep_blank_values=True)
            app.asked.append(Asked(self.command, parts.path, query, dict(self.headers.items()), body))
            time.sleep(app.slow)
            status, headers, answer = app.answer
            self.send_response(status)
            for name, value in [*headers, ("Content-Length", str(len(answer)))]:
                self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # a store that has stopped waiting
                self.wfile.write(answer)

        def log_message(self, *words: Any) -> None:
            pass

    do: Callable[[Any], None] = Handler._any
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", do)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    app.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield app
    server.shutdown()
    server.server_close()
