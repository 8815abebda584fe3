"""The small chaos run, as `make chaos SMOKE=1` does it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.chaos.world import ROOT
from tests.proof import Figure


@pytest.mark.timeout(1_200)
def test_nothing_is_lost_or_doubled_while_everything_dies(figure: Figure) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos"],
        cwd=ROOT,
        env={**os.environ, "SMOKE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout
    told = json.loads((ROOT / "var" / "reports" / "chaos.json").read_text())
    assert (told["duplicates"], told["lost"], told["stuck"]) == (0, 0, 0)
    assert told["kills"] >= 40
    assert told["planted_caught"] == 2
    for name in ("mails", "journeys", "kills", "redis_losses", "pg_crashes", "unknown", "seconds"):
        figure(name, told[name])
