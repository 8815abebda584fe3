"""A policy service as Postfix asks it (SMTPD_POLICY_README): who comes for the first time comes too early."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast


class _Asked(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        told: dict[str, str] = {}
        for line in self.rfile:
            name, _, value = line.decode().strip().partition("=")
            if name:
                told[name] = value
                continue
            seen = cast(_Server, self.server).seen
            known = told.get("recipient", "") in seen
            seen.add(told.get("recipient", ""))
            action = "DUNNO" if known else "450 4.7.1 Greylisted, come back in a minute"
            self.wfile.write(f"action={action}\n\n".encode())
            told = {}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.seen: set[str] = set()


@contextmanager
def greylisting() -> Iterator[str]:
    """Its address, as Postfix writes it."""
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"inet:127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(10)
