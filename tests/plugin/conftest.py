"""A shop with the plugin in it and the app, each at its own port of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.config import Config, SandboxConfig
from app.runtime import build
from app.services.install import Attempt, connect
from app.services.plugin_settings import push_settings
from app.services.switches import switch_off, switch_on
from connectors.base import Store
from flows.commerce import Platform
from tests.app.desk import KEYS
from tests.app.web.conftest import Site, application
from tests.plugin.heard import Line, listening
from tests.plugin.proxied import app, served, shop
from tests.plugin.shop import KEYS as REST_KEYS
from tests.plugin.shop import MERCHANT, PhpShop
from tests.ports import free_ports

__all__ = ["app", "served", "shop"]

DAY = timedelta(days=1)


@dataclass
class Pair:
    """The shop, the app's side of it, and what passed between them."""

    shop: PhpShop
    site: Site
    line: Line

    @property
    def token(self) -> str:
        return self.site.woocommerce.token

    @property
    def secret(self) -> str:
        return self.site.runtime.keys.plugin_secret(self.token)

    def store(self) -> Store:
        at = self.site.runtime
        with at.database.shops(self.site.woocommerce.shop_id) as session:
            store = at.stores().open(session, self.site.woocommerce.shop_id, at.clock.real())
        assert store is not None
        return store

    def push(self) -> None:
        """The settings, as the poll sends them: the heartbeat."""
        at = self.site.runtime
        push_settings(
            at.database,
            at.stores(),
            self.site.woocommerce.shop_id,
            self.store(),
            at.clock.now(),
            at.clock.real(),
        )

    def switch(self, *on: str, off: tuple[str, ...] = (), since: timedelta = DAY / 2) -> None:
        """Flows are on since half a day ago, unless a test says otherwise."""
        at, shop = self.site.runtime, self.site.woocommerce.shop_id
        with at.database.shops(shop) as session:
            for flow in on:
                switch_on(session, shop, flow, at.clock.now() - since)
            for flow in off:
                switch_off(session, shop, flow, at.clock.now())

    def health(self) -> Any:
        rows = self.site.rows(
            "SELECT * FROM store_health WHERE shop_id = :id", id=self.site.woocommerce.shop_id
        )
        return rows[0] if rows else None

    def until(self, what: Callable[[], Any], seconds: float = 5.0) -> Any:
        """What was said without waiting for an answer arrives a moment later."""
        end = time.monotonic() + seconds
        while not (got := what()):
            assert time.monotonic() < end, [f"{one.method} {one.path}" for one in self.line.heard]
            time.sleep(0.01)
        return got


@pytest.fixture
def apart(database: Any, valkey: str, tmp_path: Path) -> Iterator[Pair]:
    """Connected a day ago; the plugin has not been told anything yet."""
    port = free_ports()
    config = Config(
        address=f"http://127.0.0.1:{port}",
        port=port,
        data=tmp_path,
        mail_from_domain="mail.example",
        database_url=database.app_url,
        redis_url=valkey,
        smtp_url="smtp://127.0.0.1:1",
        secret=KEYS.secret,
        encryption_keys=KEYS.encryption,
        sandbox=SandboxConfig(
            origins={"https://larkhus.example": f"http://127.0.0.1:{port + 1}"},
            clock_file=tmp_path / "clock",
            record_file=tmp_path / "record",
            port=port,
        ),
    )
    runtime = build(config)
    now = runtime.clock.real()
    attempt = Attempt(Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example")
    pair = dict(zip(("consumer_key", "consumer_secret"), REST_KEYS[MERCHANT], strict=True))
    connected = connect(runtime.database, runtime.keys, attempt, pair, now - DAY, now)
    app = application(config, runtime)
    site = Site(app.test_client(), runtime, connected, connected, now)
    folder = tmp_path / "shop"
    folder.mkdir()
    shop = PhpShop(folder, port + 1, config.address)
    shop.start()
    with listening(app, port) as line:
        yield Pair(shop, site, line)
    shop.stop()
    runtime.database.engine.dispose()
    runtime.queue.redis.close()


@pytest.fixture
def pair(apart: Pair) -> Pair:
    """The plugin has been told what it works with."""
    apart.push()
    assert apart.shop.kept["secret"] == apart.secret, apart.health()
    apart.line.heard.clear()
    return apart
