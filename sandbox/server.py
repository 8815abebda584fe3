"""How a fake store is served: one thread a request, connections stay open, errors alone are logged."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.settings import HOST

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def send_header(self, keyword: str, value: str) -> None:
        """A store that tells a time of its own tells only that one."""
        if keyword.lower() == "date":
            kept = getattr(self, "_headers_buffer", [])
            self._headers_buffer = [line for line in kept if not line.lower().startswith(b"date:")]
        super().send_header(keyword, value)


def serve_store(store: WSGIApplication, port: int) -> BaseWSGIServer:
    server = make_server(HOST, port, store, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=server.serve_forever, name=f"store-{port}", daemon=True).start()
    return server
