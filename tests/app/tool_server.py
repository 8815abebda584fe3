"""A shop's own tool: a real server that keeps what it is told and answers as a test says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORIGIN = "https://tool.example"


@dataclass(frozen=True)
class Call:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def named(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """As whoever receives it checks: any of the signatures may be it."""
        signed = f"{self.named}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{wanted}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Tool:
    """`hangs`: seconds that it takes to answer. `breaks_off`: it hears, and does not answer."""

    port: int = 0
    status: int = 204
    hangs: float = 0.0
    breaks_off: bool = False
    calls: list[Call] = field(default_factory=list)

    @property
    def origins(self) -> dict[str, str]:
        return {ORIGIN: f"http://127.0.0.1:{self.port}"}


@contextmanager
def a_tool() -> Iterator[Tool]:
    tool = Tool()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            tool.calls.append(
                Call(self.path, {name.lower(): told for name, told in self.headers.items()}, body)
            )
            time.sleep(tool.hangs)
            if tool.breaks_off:
                return
            self.send_response(tool.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        tool.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield tool
        server.shutdown()
        thread.join()
