"""A throw-away shop of the fake WooCommerce, connected."""

from __future__ import annotations

import contextlib
import sqlite3
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


_opened: list[bytes] = []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    settings = settings_in(tmp_path)
    kept = tmp_path / "sandbox" / "woocommerce.sqlite"
    if _opened:  # a shop that was opened once, goods and all, is opened again in no time
        kept.parent.mkdir()
        kept.write_bytes(_opened[0])
    # Nobody stands at the app's port but the app.
    with serving(settings, Receiver(settings.port)) as main:
        main.post("/sandbox/shops", {"domain": THROW_AWAY})
        if not _opened:
            with contextlib.closing(sqlite3.connect(kept)) as there:
                _opened.append(there.serialize())
        shop = Store(settings, main.app, main.receiver, THROW_AWAY, asked=main.asked)
        shop.key = shop.made_key()
        yield shop


@pytest.fixture
def home(store: Store, database: Any, valkey: str, mailbox: Mailbox, port: int) -> Iterator[Home]:
    with living(store, database.app_url, valkey, port, mailbox) as home:
        yield home
