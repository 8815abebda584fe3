"""A throw-away shop of the fake WooCommerce, connected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.conftest import mailbox, port
from tests.app.mail_server import Mailbox
from tests.quirks.living import Home, living
from tests.sandbox.woocommerce.receiving import Receiver
from tests.sandbox.woocommerce.running import THROW_AWAY, Store, serving, settings_in

__all__ = ["mailbox", "port"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    settings = settings_in(tmp_path)
    # Nobody stands at the app's port but the app.
    with serving(settings, Receiver(settings.port)) as main:
        main.post("/sandbox/shops", {"domain": THROW_AWAY})
        shop = Store(settings, main.app, main.receiver, THROW_AWAY, asked=main.asked)
        shop.key = shop.made_key()
        yield shop


@pytest.fixture
def home(store: Store, database: Any, valkey: str, mailbox: Mailbox, port: int) -> Iterator[Home]:
    with living(store, database.app_url, valkey, port, mailbox) as home:
        yield home
