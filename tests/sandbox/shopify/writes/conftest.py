"""The app writes into this store over HTTP, each verb once: what it changes, what the store tells of it,
and what a repeat finds, also where the first answer was lost on its way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.base import Store as Connected
from flows.commerce import Platform
from sandbox.deliveries import AttemptsPolicy
from tests.sandbox.shopify.running import MAIN, Api, receiving, serving, settings_in
from tests.sandbox.shopify.writes.writing import (
    SCOPES,
    TOPICS,
    Losing,
    Shop,
)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, schema: Path, pictures: Path) -> Iterator[Shop]:
    settings = settings_in(tmp_path_factory.mktemp("writes"), schema)
    settings.folder.mkdir()
    (settings.folder / "shopify_pictures").symlink_to(pictures)
    with serving(settings, AttemptsPolicy(waits=(0.05,) * 8)) as store, receiving() as receiver:
        token = store.install_with(SCOPES)
        api = Api(store, token)
        api.subscribe(receiver.address, *TOPICS)
        http = Losing({f"https://{MAIN}": store.address}, pause=lambda seconds: None)
        connected = Connected(
            platform=Platform.SHOPIFY,
            domain=MAIN,
            base_url=f"https://{MAIN}",
            http=http,
            currency="USD",
            secrets={"access_token": token},
            scopes=tuple(SCOPES.split(",")),
        )
        yield Shop(store, api, receiver, connected, http)
