"""A whole installation for one run: servers, database, shops, processes. Real parts only."""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.cli.servers import OWNER, Postgres, Valkey, start_postgres, start_valkey
from app.db import open_database
from app.keys import Keys
from app.services.install import Attempt, connect
from app.services.switches import switch_on
from flows.commerce import Platform
from flows.presets import PRESETS
from tests.chaos.fleet import Fleet
from tests.chaos.lives import ChaosShop
from tests.chaos.virtual_time import VirtualTime
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = (
    ("shopify", "chaos-one.myshopify.com"),
    ("woocommerce", "chaos-two.example"),
    ("shopify", "chaos-three.myshopify.com"),
    ("woocommerce", "chaos-four.example"),
)
CREDENTIALS = {
    "shopify": {"access_token": "t"},
    "woocommerce": {"consumer_key": "k", "consumer_secret": "s"},
}


class Servers:
    """PostgreSQL and Valkey, shared by the runs of one harness, each run in a database of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.postgres: Postgres = start_postgres(folder)
        self.valkey: Valkey = start_valkey(folder)

    def crash_postgres(self) -> None:
        """Immediate mode: no checkpoint, every connection cut, recovery at the next start."""
        self.postgres.process.send_signal(signal.SIGQUIT)
        self.postgres.process.wait()

    def revive_postgres(self) -> None:
        self.postgres = start_postgres(self._folder)

    def kill_valkey(self) -> None:
        self.valkey.process.kill()
        self.valkey.process.wait()

    def revive_valkey(self) -> None:
        self.valkey = start_valkey(self._folder)

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def make_database(self, name: str) -> None:
        with psycopg.connect(libpq(self.postgres.superuser_url), autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} owner {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            )


class World:
    """One run's installation. `tree`: the source tree that runs, this one or a copy with a bug in it."""

    def __init__(
        self, servers: Servers, name: str, folder: Path, tree: Path, lease: str, workers: int
    ) -> None:
        folder.mkdir(parents=True)
        servers.make_database(name)
        self.folder, self.servers, self.name = folder, servers, name
        self.port = free_ports()
        self.outbox = folder / "sandbox" / "outbox"
        self.record = folder / "sink.jsonl"
        (folder / "clock").write_text("0.0")
        self._lease, self._workers = lease, workers
        self.environ = self._environment()
        self.fleet = Fleet(tree, self.environ, folder / "log")

    @property
    def worker_names(self) -> list[str]:
        return [f"worker-{number}" for number in range(1, self._workers + 1)]

    def start(self) -> None:
        """Migrates with the real command, then starts sink, web, workers and sweep."""
        subprocess.run(
            [sys.executable, "-m", "app.cli.main", "migrate"],
            cwd=self.fleet.tree,
            env=self.fleet.environ,
            check=True,
            capture_output=True,
        )
        self.fleet.start_module("sink", "sandbox.sink")
        self.fleet.start_command("web", "serve")
        for name in self.worker_names:
            self.fleet.start_command(name, "work", lease=self._lease)
        self.fleet.start_command("sweep", "sweep")

    def wait_until_up(self, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except OSError as error:
                if time.monotonic() > end:
                    raise TimeoutError(f"not up after {seconds} s: {error}; logs in {self.folder}") from error
                time.sleep(0.1)

    def connect_shops(self, clock: VirtualTime) -> list[ChaosShop]:
        """Two shops of each platform, connected a day ago with all flows on since."""
        keys = Keys(self.environ["DOORSTEP_SECRET"], (self.environ["DOORSTEP_ENCRYPTION_KEYS"],))
        database = open_database(self.environ["DATABASE_URL"], size=1)
        found = []
        since = clock.now() - timedelta(days=1)
        for platform, domain in DOMAINS:
            attempt = Attempt(Platform(platform), domain, f"https://{domain}")
            shop = connect(database, keys, attempt, CREDENTIALS[platform], since, since)
            with database.shops(shop.shop_id) as session:
                for flow in PRESETS:
                    switch_on(session, shop.shop_id, flow.key, since)
            theirs = platform == "shopify"
            secret = self.environ["SHOPIFY_API_SECRET"] if theirs else keys.webhook_secret(shop.token)
            found.append(ChaosShop(shop.shop_id, platform, domain, secret, shop.token))
        database.engine.dispose()
        with self.connection() as connection:
            connection.execute("update shops set name = domain, timezone = 'UTC', imported_at = now()")
            connection.execute(
                "delete from polls where noun <> 'orders' or shop_id in"
                " (select id from shops where platform = 'shopify')"
            )
        return found

    def connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        """As superuser, whom row-level security does not bind."""
        return psycopg.connect(libpq(self.servers.postgres.url("postgres", self.name)), autocommit=True)

    def _environment(self) -> dict[str, str]:
        sandbox = self.folder / "sandbox.json"
        store = f"http://127.0.0.1:{self.port + 1}"
        sandbox.write_text(
            json.dumps(
                {
                    "origins": {f"https://{domain}": store for _, domain in DOMAINS},
                    "clock_file": str(self.folder / "clock"),
                    "record_file": str(self.record),
                    "port": self.port,
                }
            )
        )
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        return {
            **{name: value for name, value in os.environ.items() if name in kept},
            "DOORSTEP_ADDRESS": f"http://127.0.0.1:{self.port}",
            "DOORSTEP_DATA": str(self.folder),
            "DOORSTEP_SANDBOX": str(sandbox),
            "DOORSTEP_SECRET": secrets.token_urlsafe(48),
            "DOORSTEP_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "SHOPIFY_API_KEY": "chaos",
            "SHOPIFY_API_SECRET": secrets.token_hex(16),
            "DATABASE_URL": self.servers.postgres.url("doorstep_app", self.name),
            "MIGRATION_DATABASE_URL": self.servers.postgres.url(OWNER, self.name),
            "REDIS_URL": self.servers.valkey.url,
            "SMTP_URL": f"smtp://127.0.0.1:{self.port + 3}",
            "MAIL_FROM_DOMAIN": "mail.chaos.example",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(self._workers),
        }


def libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
