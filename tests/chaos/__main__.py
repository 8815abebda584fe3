"""`python -m tests.chaos`: the chaos run and the planted bugs; SMOKE=1 for the small one, SEED=n."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.chaos.report import FULL, SMOKE, chaos

if __name__ == "__main__":
    small = os.environ.get("SMOKE", "") not in ("", "0")
    seed = int(os.environ.get("SEED") or int.from_bytes(os.urandom(3)))
    sys.exit(chaos(SMOKE if small else FULL, seed, Path("var/reports/chaos.json")))
