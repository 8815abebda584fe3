"""The doctor asks a connected shop whether our version of the API still lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.cli.api_version import examine_api
from app.config import Config, SandboxConfig
from app.db import open_database
from app.services.install import Attempt, connect
from connectors.shopify.version import API_VERSION
from flows.commerce import Platform
from tests.app.desk import KEYS, START
from tests.connectors.shopify.graph import answering
from tests.connectors.shopify.shop_server import SHOP, shop_server


@pytest.fixture
def config(database: Any) -> Config:
    return Config(
        address="http://127.0.0.1:8000",
        port=8000,
        data=Path("var"),
        mail_from_domain="mail.example",
        shopify_api_key="key",
        shopify_secrets=("secret",),
        database_url=database.app_url,
        redis_url="redis://127.0.0.1:1",
        smtp_url="smtp://127.0.0.1:1",
        secret=KEYS.secret,
        encryption_keys=KEYS.encryption,
    )


def connected(config: Config) -> None:
    database = open_database(config.database_url)
    connect(
        database,
        KEYS,
        Attempt(Platform.SHOPIFY, SHOP, f"https://{SHOP}"),
        {"access_token": "t"},
        START,
        START,
    )
    database.engine.dispose()


def told(config: Config, handles: Sequence[str]) -> tuple[str, str | None]:
    versions = [{"handle": handle, "supported": handle != "unstable"} for handle in handles]
    with shop_server(answering({"publicApiVersions": versions})) as server:
        nowhere = Path("var/nothing")
        sandbox = SandboxConfig({f"https://{SHOP}": server.origin}, nowhere, nowhere, 8000)
        (finding,) = examine_api(replace(config, sandbox=sandbox))
    assert finding.subject == "Shopify API"
    return finding.seen, finding.wrong


def test_the_version_is_asked_of_a_shop(config: Config) -> None:
    connected(config)
    assert told(config, ["2026-04", "2026-07", API_VERSION, "unstable"]) == (
        f"{API_VERSION}, supported",
        None,
    )
    seen, wrong = told(config, [API_VERSION, "2027-01"])
    assert "the oldest" in seen and wrong is None
    seen, wrong = told(config, ["2027-01", "2027-04", "unstable"])
    assert "has ended" in seen and "the newest is 2027-04" in str(wrong)
    seen, wrong = told(config, [])
    assert "not confirmed" in seen and wrong is None


def test_without_shops_or_an_app_nothing_is_asked(config: Config) -> None:
    (finding,) = examine_api(config)
    assert (finding.wrong, "no shop" in finding.seen) == (None, True)
    assert examine_api(replace(config, shopify_api_key="")) == []
