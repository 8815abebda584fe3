"""The app at its own port, and every request that reached it, byte by byte."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def action(self) -> str:
        """Of a message of the plugin."""
        return self.path.rpartition("/")[2]


@dataclass
class Line:
    """`deaf`: connections are taken and nothing is answered but 503."""

    app: Flask
    address: str
    heard: list[Request] = field(default_factory=list)
    deaf: bool = False

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name[5:].replace("_", "-").title(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        path, query = environ["RAW_URI"].partition("?")[::2]
        self.heard.append(Request(environ["REQUEST_METHOD"], path, query, headers, body))
        if self.deaf:
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"not now"]
        environ["wsgi.input"] = io.BytesIO(body)
        return self.app(environ, start)

    def messages(self, action: str) -> list[Request]:
        return [one for one in self.heard if "/woocommerce/plugin/" in one.path and one.action == action]

    def send(self, request: Request, **changed: Any) -> requests.Response:
        """The same again, with something else in its place: path, body, or a header by its name."""
        headers = {**request.headers, **changed.pop("headers", {})}
        headers.pop("Host", None)
        path = changed.pop("path", request.path)
        body = changed.pop("body", request.body)
        assert not changed
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                request.method, f"{self.address}{path}", data=body, headers=headers, timeout=30
            )


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def listening(app: Flask, port: int) -> Iterator[Line]:
    line = Line(app, f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, line, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield line
    server.shutdown()
    server.server_close()
    thread.join()
