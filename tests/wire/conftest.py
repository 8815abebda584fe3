"""Real listeners on this machine: one that only counts, one that answers as a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Canary:
    port: int
    connections: list[str] = field(default_factory=list)


@pytest.fixture
def canary() -> Iterator[Canary]:
    """Nobody may ever connect to it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bird = Canary(listener.getsockname()[1])
        listener.settimeout(0.01)
        done = threading.Event()

        def count() -> None:
            while not done.is_set():
                try:
                    caller, address = listener.accept()
                except TimeoutError:
                    continue
                bird.connections.append(str(address))
                caller.close()

        thread = threading.Thread(target=count)
        thread.start()
        yield bird
        done.set()
        thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[[Answering], str]]:
    """`serve(answering)` gives the loopback origin of a server that calls it for every request."""
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(answering: Answering) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def do_GET(self) -> None:
                answering(self)

            def do_POST(self) -> None:
                answering(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()
