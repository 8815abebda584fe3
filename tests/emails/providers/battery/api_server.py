"""A vendor's interface on a real socket of this machine: it checks what it is asked as the documentation has
it, keeps the mails that it took, and misbehaves as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """`told` is written as JSON, bytes as they are."""

    status: int
    told: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.told if isinstance(self.told, bytes) else json.dumps(self.told).encode()


@dataclass(frozen=True)
class Takes:
    """The mail is taken, and then: `cut` the connection before the answer, or say nothing for a while."""

    cut: bool = False


@dataclass(frozen=True)
class Cuts:
    """The connection breaks before anything is taken."""


@dataclass
class ApiServer:
    """`answers`: what it says first; afterwards it does what `serve` does."""

    serve: Callable[[Asked], Said]
    port: int = 0
    answers: list[Said | Takes | Cuts] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def api_server(serve: Callable[[Asked], Said]) -> Iterator[ApiServer]:
    running = ApiServer(serve)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.handle_call()

        def do_GET(self) -> None:
            self.handle_call()

        def handle_call(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): told for name, told in self.headers.items()}
            asked = Asked(self.command, parts.path, query, headers, body)
            running.asked.append(asked)
            said = running.answers.pop(0) if running.answers else running.serve(asked)
            if isinstance(said, Takes):
                taken, said = running.serve(asked), said
                assert taken.status == 200, taken
                if not said.cut:
                    running.over.wait(3)
            if not isinstance(said, Said):
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        running.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield running
        finally:
            running.over.set()
            server.shutdown()
            thread.join()
