"""Recorded deliveries, replayed into a running Doorstep: every outcome as written beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.connectors.shopify.samples import sample
from tests.connectors.shopify.test_expected import EXPECTED
from tests.stories.conftest import SHOPIFY, WOOCOMMERCE, Road

pytestmark = pytest.mark.timeout(600)

RECORDED = Path(__file__).parents[1] / "payloads" / "woocommerce"
# Where its order is not known, a child waits for it; topics of later features are dropped.
PARKED = ("fulfillments/", "fulfillment_events/", "refunds/")
OUTCOMES = {
    **{topic: f"{told} or parked" if topic.startswith(PARKED) else told for topic, told in EXPECTED.items()},
    "discounts/create": "ignored:topic",
    "returns/request": "ignored:topic",
}


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


def test_every_shopify_sample_of_this_app(road: Road, tmp_path: Path) -> None:
    table = ["file\ttopic\thttp\toutcome"]
    for topic, outcome in OUTCOMES.items():
        file = tmp_path / f"{topic.replace('/', '__')}.json"
        file.write_text(json.dumps(sample(topic)))
        table.append(f"{file.name}\t{topic}\t200\t{outcome}")
    (tmp_path / "expected.tsv").write_text("\n".join(table))
    done = replay(road, SHOPIFY, *sorted(tmp_path.glob("*.json")))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == len(OUTCOMES)


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
