"""`doorstep serve`: the web processes."""

from __future__ import annotations

import os
import sys

import click

from app.cli.role import refuse_unsafe
from app.cli.settings import load

PRODUCTION = "app.factory:from_environ()"
SANDBOX = "sandbox.wsgi:application"


@click.command("serve")
def command() -> None:
    """Run the web processes on PORT.

    WEB_CONCURRENCY sets how many (2), each with 8 threads. Stop with Ctrl-C or SIGTERM: requests
    that are being answered are finished first.
    """
    config = load()
    refuse_unsafe(config)
    application = SANDBOX if config.sandbox else PRODUCTION
    settings = "python:app.cli.web_server"
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", settings, application])
