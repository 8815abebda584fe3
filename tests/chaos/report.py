"""The whole thing: one run, the planted bugs, one report."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.chaos.planted import IN_SMOKE, PLANTED
from tests.chaos.run import Outcome, Run, Scale
from tests.chaos.world import ROOT, Servers, World

SMOKE = Scale(lives=500, kills=44, seconds=15, outage=10, lease="5")
FULL = Scale(lives=5000, kills=320, seconds=240, outage=60, lease="-", losses=20, rest=600)


def chaos(scale: Scale, seed: int, report: Path) -> int:
    """Exit code 0 where everything holds. The folder of a run that failed is kept."""
    began = time.monotonic()
    print(f"chaos: {scale.lives} journeys, {scale.kills} kills, seed {seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="doorstep-chaos-"))
    folder.chmod(0o711)
    bugs = PLANTED if scale.lives > 1000 else IN_SMOKE
    command = [sys.executable, "-m", "tests.chaos.planted", str(seed), *(bug.name for bug in bugs)]
    # Beside the run, not after it: much of both is waiting.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as planted:
        servers = Servers(folder)
        try:
            outcome = _run(servers, folder, scale, seed)
        finally:
            servers.stop()
        seen, _ = planted.communicate()
    caught: dict[str, str] = json.loads(seen or b"{}")
    told = _told(scale, seed, outcome, caught) | {"seconds": round(time.monotonic() - began, 1)}
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(told, indent=2) + "\n")
    for name, value in told.items():
        print(f"  {name:28} {value}")
    if not told["violations"]:
        shutil.rmtree(folder)
        return 0
    print(f"\nVIOLATED with seed {seed}; everything is in {folder}")
    for line in [*told["violations"], *outcome.verdict.findings]:
        print(f"  - {line}")
    return 1


def _run(servers: Servers, folder: Path, scale: Scale, seed: int) -> Outcome:
    run = Run(World(servers, "chaos", folder / "main", ROOT, scale.lease, scale.workers), scale, seed)
    try:
        return run.go()
    finally:
        run.close()


def _told(scale: Scale, seed: int, outcome: Outcome, caught: dict[str, str]) -> dict[str, Any]:
    verdict, nemesis = outcome.verdict, outcome.nemesis
    return {
        "mails": verdict.mails,
        "journeys": scale.lives,
        "kills": nemesis.kills.total(),
        "kills_by_kind": dict(nemesis.kills),
        "redis_losses": nemesis.redis_losses,
        "pg_crashes": nemesis.pg_crashes,
        "duplicates": verdict.duplicates,
        "lost": verdict.lost,
        "unexpected": verdict.unexpected,
        "after_stop": verdict.after_stop,
        "mismatched": verdict.mismatched,
        "unknown": verdict.unknown,
        "unknown_that_arrived": verdict.unknown_accepted,
        "answers_lost_by_sink": nemesis.answers_to_lose,
        "stuck": verdict.stuck,
        "webhook_answers": dict(outcome.driver.answers),
        "webhooks_never_sent": outcome.driver.dropped,
        "acknowledged_without_redis": outcome.acknowledged_without_redis,
        "first_mail_after_redis_s": outcome.first_mail_after_redis,
        "restarts": dict(outcome.restarts),
        "phase_seconds": outcome.seconds,
        "audit_exit_code": outcome.audit,
        "planted": caught,
        "planted_caught": sum(1 for finding in caught.values() if finding),
        "seed": seed,
        "violations": _violations(scale, outcome, caught),
    }


def _violations(scale: Scale, outcome: Outcome, caught: dict[str, str]) -> list[str]:
    """What must not be, and what the run must have reached to mean anything."""
    verdict, nemesis = outcome.verdict, outcome.nemesis
    allowed_unknown = nemesis.kills.total() * 0.5 + nemesis.answers_to_lose + 2 * nemesis.pg_crashes
    missed = {"horse", "web_worker", "worker", "sweep", "web_master"} - set(nemesis.kills)
    checks = {
        "the oracle found violations": verdict.holds,
        f"more than {allowed_unknown:.0f} mails are in doubt": verdict.unknown <= allowed_unknown,
        f"fewer kills than {scale.kills - 4}": nemesis.kills.total() >= scale.kills - 4,
        f"never killed: {', '.join(missed)}": not missed,
        "no webhook was acknowledged while Redis was away": outcome.acknowledged_without_redis > 0,
        # The small run kills workers in that very moment; its figure is told, not judged.
        "the first mail after Redis came back took over 15 s": outcome.first_mail_after_redis <= 15
        or scale.outage < 60,
        f"did not come to rest: {', '.join(outcome.restless)}": not outcome.restless,
        "too few mails for the journeys": verdict.mails >= 3 * scale.lives,
        "doorstep audit does not hold": outcome.audit == 0,
        "a planted bug was not seen": bool(caught) and all(caught.values()),
    }
    return [what for what, holds in checks.items() if not holds]
