"""`doorstep backfill` counts, and asks with --yes only."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import backfill as cli
from app.clock import Clock
from app.config import Config
from tests.app.desk import KEYS, Desk
from tests.app.services.test_backfill import JOURNEYS, NOW, delivered, imported


@pytest.fixture
def config(database: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Config:
    found = Config(
        address="http://127.0.0.1:8000",
        port=8000,
        data=Path("var"),
        mail_from_domain="mail.example.com",
        database_url=database[0],
        secret=KEYS.secret,
        encryption_keys=KEYS.encryption,
    )
    monkeypatch.setattr(cli, "load", lambda: found)
    monkeypatch.setattr(Clock, "now", lambda _: NOW)
    return found


def said(*more: str, shop: str = "larkhus.example") -> str:
    return CliRunner().invoke(cli.command, ["--shop", shop, "--flow", "review_request", *more]).output


def test_it_counts_and_asks_only_when_told_to(desk: Desk, config: Config) -> None:
    imported(desk, delivered(1, 2), delivered(2, 20))
    assert said().startswith("2 earlier orders of the last 30 days. Nothing was started")
    assert said("--days", "14").startswith("1 earlier order of the last 14 days")
    assert desk.rows(JOURNEYS) == []
    assert said("--days", "14", "--yes") == "1 earlier order was asked for.\n"
    assert said("--yes") == "1 earlier order was asked for.\n"
    assert len(desk.rows(JOURNEYS)) == 2
    assert "There is no shop" in said(shop="other.example")
