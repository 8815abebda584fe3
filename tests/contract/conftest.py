"""Both fake stores and the app between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.schema import schema_file
from sandbox.settings import Settings
from tests.app.conftest import mailbox, port
from tests.app.mail_server import Mailbox
from tests.contract.twins import SHOPIFY_SHOP, WOOCOMMERCE_SHOP, Twins, twins
from tests.ports import free_ports
from tests.sandbox.shopify.conftest import pictures, schema
from tests.sandbox.shopify.running import KEY, SECRET
from tests.sandbox.shopify.running import serving as serving_shopify
from tests.sandbox.woocommerce.receiving import Receiver
from tests.sandbox.woocommerce.running import Store, serving, settings_in

__all__ = ["mailbox", "pictures", "port", "schema"]


@pytest.fixture
def settings(tmp_path: Path, schema: Path, pictures: Path) -> Settings:
    return both_settings(tmp_path, schema, pictures)


def both_settings(tmp_path: Path, schema: Path, pictures: Path) -> Settings:
    """Of both stores, with the app beside them."""
    first = free_ports()
    shopify, woo, app = (f"http://127.0.0.1:{number}" for number in (first + 1, first + 2, first))
    target = schema_file(tmp_path)
    target.parent.mkdir(parents=True)
    target.symlink_to(schema)
    settings = replace(
        settings_in(tmp_path), port=first, app_address=app, shopify_key=KEY, shopify_secret=SECRET,
        origins={
            f"https://{SHOPIFY_SHOP}": shopify, f"https://{WOOCOMMERCE_SHOP}": woo,
            "https://larkhus.example": woo, "https://doorstep.example": app,
        },
    )  # fmt: skip
    settings.folder.mkdir(exist_ok=True)
    (settings.folder / "shopify_pictures").symlink_to(pictures)
    return settings


@pytest.fixture
def pair(settings: Settings, database: Any, valkey: str, mailbox: Mailbox, port: int) -> Iterator[Twins]:
    with a_pair(settings, database.app_url, valkey, mailbox, port) as both:
        yield both


@contextmanager
def a_pair(
    settings: Settings, database_url: str, valkey: str, mailbox: Mailbox, port: int
) -> Iterator[Twins]:
    server = serving_shopify(settings)
    with serving(settings, Receiver(settings.port)) as main, server as shopify:
        main.post("/sandbox/shops", {"domain": WOOCOMMERCE_SHOP})
        shopify.post("/sandbox/shops", {"domain": SHOPIFY_SHOP})
        shopify.post("/sandbox/quirks", {"bulk_seconds": 0.05}, SHOPIFY_SHOP)
        woo = Store(settings, main.app, main.receiver, WOOCOMMERCE_SHOP, asked=main.asked)
        woo.key = woo.made_key()
        with twins(settings, woo, shopify, server.app, database_url, valkey, port, mailbox) as both:
            yield both
