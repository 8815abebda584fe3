from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.base import Store as Connected
from flows.commerce import Platform
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.sandbox.woocommerce.receiving import receiving
from tests.sandbox.woocommerce.running import Store, serving, settings_in
from tests.sandbox.woocommerce.writes.writing import (
    Line,
    Shop,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    settings = settings_in(tmp_path_factory.mktemp("writes"))
    with receiving(settings.port) as receiver, serving(settings, receiver) as store:
        yield store


@pytest.fixture
def shop(running: Store) -> Iterator[Shop]:
    http = Line({f"https://{MAIN_SHOP}": running.address}, pause=lambda seconds: None)
    secrets = {"consumer_key": running.key[0], "consumer_secret": running.key[1]}
    connected = Connected(
        Platform.WOOCOMMERCE, MAIN_SHOP, f"https://{MAIN_SHOP}", http, "EUR", "Europe/Berlin", secrets
    )
    yield Shop(running, connected, http)
    running.stores.named(MAIN_SHOP).forget("shop", "quirks")
