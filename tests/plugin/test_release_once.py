"""Requests that ask for the same mail at the same moment: the shop sends it once."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.plugin.php import php
from tests.proof import Figure

HERE = Path(__file__).parent
AT_ONCE = 6
_ORDER = {
    "7": {"status": "processing", "meta": {"_doorstep_held": {"customer_processing_order": 1790000000}}}
}


def _shop(folder: Path) -> Path:
    """A shop's database with an order that a mail of was held back."""
    state = folder / "state.json"
    orders = f"json_decode( '{json.dumps(_ORDER)}', true )"
    made = f"require '{HERE}/wordpress/load.php'; store( 'orders', fn() => {orders} );"
    subprocess.run(
        [php(), "-r", made], env={**os.environ, "WORDPRESS_STATE": str(state)}, check=True, timeout=30
    )
    return state


@pytest.mark.parametrize("round", range(5))
def test_it_is_sent_once(tmp_path: Path, figure: Figure, round: int) -> None:
    state = _shop(tmp_path)
    told = {**os.environ, "WORDPRESS_STATE": str(state), "GO_AT": str(time.time() + 1.0)}
    asked = [
        subprocess.Popen([php(), str(HERE / "release_once.php")], stdout=subprocess.PIPE, env=told)
        for _ in range(AT_ONCE)
    ]
    said = sorted(one.communicate(timeout=60)[0] for one in asked)
    assert said == [b"false"] * (AT_ONCE - 1) + [b"true"]
    kept = json.loads(state.read_text("utf-8"))
    assert kept["sent"] == [[7, "customer_processing_order"]]
    assert list(kept["orders"]["7"]["meta"]) == ["_doorstep_wrote"]
    figure("requests_at_once", AT_ONCE)
