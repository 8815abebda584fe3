"""`python -m sandbox`: both fake stores, and the mail sink beside them, until the stop signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

from sandbox.parent import die_with_parent
from sandbox.server import serve_store
from sandbox.settings import Settings, SettingsError
from sandbox.shopify.app import create_store as create_shopify
from sandbox.woocommerce.app import create_store as create_woocommerce


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
