"""`python -m sandbox`: both fake stores, and the mail sink beside them, until the stop signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.parent import die_with_parent
from sandbox.settings import HOST, Settings, SettingsError
from sandbox.shopify.app import create_store as create_shopify
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
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    # A process of its own: busy stores would make every mail server's answer wait for the interpreter.
    with subprocess.Popen([sys.executable, "-m", "sandbox.sink"]) as sink:
        try:
            settings = Settings.from_environ(os.environ)
            servers = [
                serve_store(create_shopify(settings), settings.shopify_port),
                serve_store(create_woocommerce(settings), settings.woocommerce_port),
            ]
            while not stop.wait(0.2):
                if sink.poll() is not None:
                    print("sandbox: the mail sink has ended", file=sys.stderr)
                    return 1
        except (SettingsError, OSError) as error:
            print(f"sandbox: {error}", file=sys.stderr)
            return 1
        finally:
            sink.terminate()
    for server in servers:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
