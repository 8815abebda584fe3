"""Recorded deliveries, replayed into a running Doorstep: every outcome as written beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.recordings import DESTRUCTIVE
from tests.connectors.shopify.samples import sample
from tests.connectors.shopify.test_expected import ROWS, TABLE
from tests.stories.conftest import SHOPIFY, WOOCOMMERCE, Road

pytestmark = pytest.mark.timeout(600)

RECORDED = Path(__file__).parents[1] / "payloads" / "woocommerce"


def replay(road: Road, shop: str, *files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli.main", "replay", *map(str, files), "--shop", shop],
        env=road.start.environ(),
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_every_recorded_woocommerce_delivery(road: Road) -> None:
    files = sorted(RECORDED.glob("*.json"), reverse=True)
    done = replay(road, WOOCOMMERCE, *files)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == len(files)  # two in the sequence, the key hand-over is no webhook
    journeys = {line[0]: int(line[4]) for line in lines}
    assert journeys["order.created.paid.json"] >= 1
    assert journeys["order.updated.on_creation.json"] == 0


def test_every_shopify_sample(road: Road, tmp_path: Path) -> None:
    """All 46, the ones that end a connection or erase people last and against a shop of their own."""
    for file, topic, _, _ in ROWS:
        (tmp_path / file).write_text(json.dumps(sample(topic)))
    (tmp_path / "expected.tsv").write_text(TABLE.read_text("utf-8"))
    files = sorted(tmp_path.glob("*.json"))
    done = replay(road, SHOPIFY, *files)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line.split() for line in done.stdout.splitlines()]
    assert sorted(line[0] for line in told) == [file.name for file in files]
    assert {line[1] for line in told} == {"200"} and len(told) == 46
    ending = [line[0] for line in told][-len(DESTRUCTIVE) :]
    assert {name.removesuffix(".json").replace("__", "/") for name in ending} == set(DESTRUCTIVE)
    assert not road.rows("SELECT 1 FROM inbox WHERE state = 'quarantined' AND topic LIKE '%/%'")


def test_as_recorded_nothing_is_mailed(road: Road) -> None:
    before = road.rows("SELECT count(*) AS n FROM messages")[0].n
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "app.cli.main",
            "replay",
            str(RECORDED / "order.created.eur_variation.json"),
            "--shop",
            WOOCOMMERCE,
            "--as-recorded",
        ],
        env=road.start.environ(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "journeys 0 messages 0" in done.stdout
    assert road.rows("SELECT count(*) AS n FROM messages")[0].n == before


def test_a_different_outcome_is_told(road: Road, tmp_path: Path) -> None:
    file = tmp_path / "shop__update.json"
    file.write_text(json.dumps(sample("shop/update")))
    (tmp_path / "expected.tsv").write_text(f"file\ttopic\thttp\toutcome\n{file.name}\tx\t200\tignored:topic")
    done = replay(road, SHOPIFY, file)
    assert done.returncode == 1
    assert "expected ignored:topic, got processed" in done.stderr
