"""`python -m sandbox`: both fake stores and the mail sink in one process, until the stop signal."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.parent import die_with_parent
from sandbox.settings import HOST, Settings, SettingsError
from sandbox.shopify.app import create_store as create_shopify
from sandbox.sink import serve_sink
from sandbox.woocommerce.app import create_store as create_woocommerce

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open between requests, and logs errors only."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def serve_store(store: WSGIApplication, port: int) -> BaseWSGIServer:
    server = make_server(HOST, port, store, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=server.serve_forever, name=f"store-{port}", daemon=True).start()
    return server


def main() -> int:
    die_with_parent()
    try:
        settings = Settings.from_environ(os.environ)
        servers = [
            serve_store(create_shopify(settings), settings.shopify_port),
            serve_store(create_woocommerce(settings), settings.woocommerce_port),
        ]
        asyncio.run(serve_sink(settings))
    except (SettingsError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    for server in servers:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
