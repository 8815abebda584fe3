"""A fake Shopify that really listens, a receiver for its webhooks, and a client for its API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.schema import write_schema
from sandbox.settings import Settings
from sandbox.shopify.pictures import draw_pictures
from tests.sandbox.shopify.running import ROOT, Api, Receiver, Store, receiving, serving, settings_in


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("schema") / "schema.json.gz"
    write_schema(ROOT / "node_modules/@shopify/dev-mcp/dist/data/admin_2026-10.json.gz", target)
    return target


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    draw_pictures(folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, schema: Path, pictures: Path) -> Settings:
    settings = settings_in(tmp_path, schema)
    settings.folder.mkdir()
    (settings.folder / "shopify_pictures").symlink_to(pictures)
    return settings


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with serving(settings) as running:
        yield running


@pytest.fixture
def api(store: Store) -> Api:
    return Api(store, store.install())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening
