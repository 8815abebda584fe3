"""`doorstep serve`: the web processes."""

from __future__ import annotations

from typing import Any

import click

from app.cli.role import refuse_unsafe
from app.cli.settings import load
from app.cli.web_server import settings

PRODUCTION = "app.factory:from_environ()"
SANDBOX = "sandbox.wsgi:application"


@click.command("serve")
def command() -> None:
    """Run the web processes on PORT.

    WEB_CONCURRENCY sets how many (2), each with 8 threads. Stop with Ctrl-C or SIGTERM: requests
    that are being answered are finished first.
    """
    from gunicorn.app.base import BaseApplication
    from gunicorn.util import import_app

    config = load()
    refuse_unsafe(config)

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn tells no types
        def load_config(self) -> None:
            for name, value in settings(config).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return import_app(SANDBOX if config.sandbox else PRODUCTION)

    Server().run()
