"""`doorstep up`: everything on this machine, with two stores to try."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import click

from app.cli.migrate import upgrade
from app.cli.places import PlaceError
from app.cli.processes import die_with_parent, stop
from app.cli.servers import APP, ServerError, start_postgres, start_valkey, stop_postgres
from app.cli.settings import environment_file
from app.cli.up_children import Children
from app.cli.up_ground import (
    HOST,
    claim_ports,
    keep_secrets,
    only_one,
    write_addresses,
    write_environment,
)
from app.cli.up_install import connect_stores, wait_until_up

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
_AGAIN = 0.5


@click.command("up")
@click.option("--tied", is_flag=True, help="End when the process that started this one ends.")
def command(tied: bool) -> None:
    """Start everything on this machine: PostgreSQL, Valkey, the app, two sandbox stores with past
    orders, and a mail sink. Nothing leaves this machine.

    PORT (8000) and the three ports after it are used; everything is kept in the folder DOORSTEP_DATA
    (var). Ctrl-C ends it.
    """
    for number in _ENDING:
        signal.signal(number, _end)
    if tied:
        die_with_parent(os.getppid(), signal.SIGTERM)
    data = Path(os.environ.get("DOORSTEP_DATA") or "var").absolute()
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal():
        raise click.ClickException(f"PORT={text} is not a number.")
    try:
        with only_one(data):
            _run(data, int(text))
    except (PlaceError, ServerError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        _heard()
        click.echo("\nEverything has ended.")


def _run(data: Path, port: int) -> None:
    began = time.monotonic()
    claim_ports(port)
    children = Children(data / "log")
    try:
        environ = _begin(children, data, port)
        wait_until_up(port, children.mend)
        connect_stores(data, port, environ, children.mend)
        _tell(data, port, time.monotonic() - began)
        while True:
            time.sleep(0.5)
            children.mend()
    finally:
        _heard()
        children.finish()
        environment_file(data).unlink(missing_ok=True)


def _begin(children: Children, data: Path, port: int) -> Mapping[str, str]:
    """Servers, then the database's shape, then our own processes; returns their environment."""
    postgres = start_postgres(data)
    children.adopt("postgres", postgres.process, lambda: start_postgres(data).process, stop_postgres)
    if not postgres.folder.is_relative_to(data):
        click.echo(f"PostgreSQL may not pass through {data}: its files are in {postgres.folder}.")
    valkey = start_valkey(data)
    children.adopt("valkey", valkey.process, lambda: start_valkey(data).process, stop)
    sandbox = write_addresses(data, port)
    environ = write_environment(data, port, keep_secrets(data), sandbox, postgres, valkey)
    children.run("sandbox", environ, "sandbox")
    upgrade(postgres.owner_url, APP)
    for name, role in (("web", "serve"), ("worker", "work"), ("sweep", "sweep")):
        children.run(name, environ, "app.cli.main", role)
    return environ


def _tell(data: Path, port: int, seconds: float) -> None:
    app, shopify, woocommerce = (f"http://{HOST}:{number}" for number in (port, port + 1, port + 2))
    click.echo(f"""
  Doorstep is up ({seconds:.1f} s). Buy something, ship it, move the time, read the mail.

    Hollow Pine Coffee   {shopify}/   a Shopify store
    Larkhus              {woocommerce}/   a WooCommerce store
    Outbox               {app}/dev/outbox   every mail that was sent
    Health               {app}/healthz

  Logs are in {data / "log"}. In a second terminal: doorstep shops, doorstep explain, doorstep clock.
  Ctrl-C ends everything.
""")


def _end(number: int, frame: FrameType | None) -> None:
    """What it falls into may swallow it, as a finalizer does: it is said again until it is heard."""
    signal.setitimer(signal.ITIMER_REAL, _AGAIN)
    raise KeyboardInterrupt


def _heard() -> None:
    """A second Ctrl-C must not leave half of the processes behind."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 0)
