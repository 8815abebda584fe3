"""The store of a test: its own folder, its own ports, quirks off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.settings import Settings
from tests.sandbox.woocommerce.receiving import Receiver, receiving
from tests.sandbox.woocommerce.running import THROW_AWAY, Store, serving, settings_in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with receiving(settings.port) as receiver:
        yield receiver


@pytest.fixture
def store(settings: Settings, receiver: Receiver) -> Iterator[Store]:
    with serving(settings, receiver) as store:
        yield store


@pytest.fixture(scope="session")
def quiet_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all tests that change nothing in it."""
    settings = settings_in(tmp_path_factory.mktemp("quiet"))
    with receiving(settings.port) as receiver, serving(settings, receiver) as store:
        yield store


@pytest.fixture
def empty_store(store: Store) -> Store:
    """The same store, asked for its throw-away shop, which has a catalogue and no past."""
    store.post("/sandbox/shops", {"domain": THROW_AWAY})
    other = Store(store.settings, store.app, store.receiver, THROW_AWAY)
    other.key = other.made_key()
    return other
