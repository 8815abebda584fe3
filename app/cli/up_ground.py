"""What `doorstep up` prepares before anything runs: one start at a time, ports, secrets, addresses."""

from __future__ import annotations

import base64
import errno
import fcntl
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import click

from app.cli.servers import Postgres, Valkey
from app.cli.settings import environment_file

HOST = "127.0.0.1"
SHOPIFY_SHOP = "hollow-pine.myshopify.com"
WOOCOMMERCE_SHOP = "larkhus.example"
_PORTS = 4  # app, Shopify, WooCommerce, mail sink
PATIENCE = 5.0  # seconds for the processes of a start that was killed a moment ago to go
_OURS = ("DOORSTEP_", "DATABASE_", "MIGRATION_DATABASE_", "REDIS_", "SHOPIFY_", "SMTP_", "MAIL_FROM_")


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Holds the folder for this start; the kernel lets go of it however the process ends."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise click.ClickException(
                f"Doorstep already runs from {data} (process {lock.read().strip() or 'unknown'}). "
                "Stop it with Ctrl-C there, or start this one with another folder and port: "
                "DOORSTEP_DATA=var2 PORT=9000 make run"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def claim_ports(port: int) -> None:
    """Makes sure that the ports are free. Raises ClickException with the way out."""
    if not 0 < port <= 65535 - _PORTS:
        raise click.ClickException(f"PORT={port} cannot be: choose a number from 1 to {65535 - _PORTS}.")
    end, other = time.monotonic() + PATIENCE, 9000 if port < 9000 else 8000
    while busy := [number for number in range(port, port + _PORTS) if _is_busy(number)]:
        if time.monotonic() > end:
            raise click.ClickException(
                f"Port {busy[0]} is used by another program. Doorstep takes four ports in a row, "
                f"{port} to {port + _PORTS - 1}; choose other ones: PORT={other} make run"
            )
        time.sleep(0.2)


def keep_secrets(data: Path) -> Mapping[str, str]:
    """The sandbox's own secrets, made on the first start and kept, or its stores would have to be
    connected anew each time."""
    file = data / "secrets.json"
    if file.exists():
        kept: dict[str, str] = json.loads(file.read_text("utf-8"))
        return kept
    made = {
        "DOORSTEP_SECRET": secrets.token_urlsafe(48),
        "DOORSTEP_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "SHOPIFY_API_KEY": secrets.token_hex(16),
        "SHOPIFY_API_SECRET": f"shpss_{secrets.token_hex(16)}",
    }
    _write_private(file, made)
    return made


def write_addresses(data: Path, port: int) -> Path:
    """The sandbox file: which outside address is which port here."""
    shopify, woocommerce, app = (f"http://{HOST}:{number}" for number in (port + 1, port + 2, port))
    file = data / "sandbox" / "sandbox.json"
    table = {
        "origins": {
            f"https://{SHOPIFY_SHOP}": shopify,
            "https://throwaway.myshopify.com": shopify,
            "https://admin.shopify.com": shopify,
            f"https://{WOOCOMMERCE_SHOP}": woocommerce,
            "https://throwaway.example": woocommerce,
            "https://doorstep.example": app,
        },
        "clock_file": str(data / "sandbox" / "clock"),
        "record_file": str(data / "sandbox" / "sink.jsonl"),
        "port": port,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(table, indent=2) + "\n", "utf-8")
    return file


def write_environment(
    data: Path, port: int, kept: Mapping[str, str], sandbox: Path, postgres: Postgres, valkey: Valkey
) -> Mapping[str, str]:
    """The environment of every process, from nothing that the shell happens to hold for another
    installation. Also left in a file of mode 0600 for commands in a second terminal."""
    ours = {
        **kept,
        "DOORSTEP_ADDRESS": f"http://{HOST}:{port}",
        "DOORSTEP_DATA": str(data),
        "DOORSTEP_SANDBOX": str(sandbox),
        "DATABASE_URL": postgres.app_url,
        "MIGRATION_DATABASE_URL": postgres.owner_url,
        "REDIS_URL": valkey.url,
        "SMTP_URL": f"smtp://{HOST}:{port + 3}",
        "MAIL_FROM_DOMAIN": "mail.doorstep.example",
        "DOORSTEP_BILLING": os.environ.get("DOORSTEP_BILLING", "off"),
        "PORT": str(port),
    }
    _write_private(environment_file(data), ours)
    shell = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**shell, **ours, "PYTHONUNBUFFERED": "1"}


def _is_busy(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise click.ClickException(
                    f"Port {port} is for root only. Choose other ports: PORT=8000 make run"
                ) from None
            return True
    return False


def _write_private(file: Path, values: Mapping[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(values, stream, indent=2)
    fresh.replace(file)
