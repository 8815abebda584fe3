"""Bugs planted on purpose, as patches to a copied tree: proof that the oracle sees what it looks for.

`python -m tests.chaos.planted SEED NAME...` prints what the oracle saw of each as one JSON object.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.faults import Fault, faults_path, write_faults
from tests.chaos.lives import Fate, Phase
from tests.chaos.run import Run, Scale
from tests.chaos.world import ROOT, Servers, World

PARTS = ("app", "connectors", "emails", "flows", "migrations", "sandbox", "static", "wire")
SMALL = Scale(
    lives=24,
    kills=6,
    seconds=2,
    outage=0,
    lease="4",
    workers=1,
    until=Phase.DELIVERY,
    pause=0.5,
    # A vendor that swallowed answers is left alone for half a minute; what a bug doubles may come after it.
    rest=60,
    fates={Fate.KEPT: 3, Fate.REFUND_AT_ONCE: 1},
    victims={"horse": 1},
)


@dataclass(frozen=True)
class Bug:
    """`seen_as`: the count of the verdict that must not stay 0. `kills`: enough to hit the weak spot."""

    name: str
    seen_as: str
    until: Phase = Phase.DELIVERY
    kills: int = 6


PLANTED = (
    Bug("mark_after_send", "duplicates"),
    Bug("forget_dead_claims", "lost"),
    Bug("resend_unknown", "duplicates", kills=20),
    Bug("ignore_refunds", "after_stop", Phase.ARRIVAL),
)
IN_SMOKE = PLANTED[:2]


def is_caught(bug: Bug, servers: Servers, folder: Path, seed: int) -> str:
    """A short run of a tree with the bug in it. What the oracle saw; empty: nothing."""
    tree = plant(bug, folder / bug.name)
    world = World(servers, f"chaos_{bug.name}", folder / f"run-{bug.name}", tree, SMALL.lease, SMALL.workers)
    run = Run(world, replace(SMALL, until=bug.until, kills=bug.kills), seed)
    try:
        # Mails take long enough to be killed in the middle of, and some lose their answer.
        faults = [Fault("lose", times=4), Fault("delay", seconds=0.1)]
        write_faults(faults_path(world.folder / "sandbox"), faults)
        verdict = run.go().verdict
    finally:
        run.close()
    count: int = getattr(verdict, bug.seen_as)
    return f"{bug.seen_as}: {count}" if count else ""


def plant(bug: Bug, tree: Path) -> Path:
    """A copy of the source with the bug in it."""
    for part in PARTS:
        if (ROOT / part).exists():
            shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    patch = Path(__file__).with_name("planted") / f"{bug.name}.patch"
    subprocess.run(["git", "apply", str(patch)], cwd=tree, check=True)
    return tree


def main(seed: int, names: list[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="doorstep-planted-"))
    folder.chmod(0o711)
    servers = Servers(folder)
    try:
        seen = {bug.name: is_caught(bug, servers, folder, seed) for bug in PLANTED if bug.name in names}
    finally:
        servers.stop()
    shutil.rmtree(folder)
    print(json.dumps(seen))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
