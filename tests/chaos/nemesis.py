"""What goes wrong, and when: from a seed, on a schedule, on the main thread."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

import psutil
import redis

from sandbox.faults import Fault, faults_path, write_faults
from tests.chaos.world import World

# How many of each are killed before it starts over. A work-horse does the sending, so it is killed
# most; a web master takes seconds to come back, and little happens meanwhile.
VICTIMS = {"horse": 11, "web_worker": 5, "worker": 2, "sweep": 2, "web_master": 1, "scheduler": 1}
SPACING = (0.35, 0.8)
PATIENCE = 2.0
HORSE_GRACE = 0.1


class Nemesis:
    """Kills while it is awake, at most every 0.35 s, and never more than `quota` in a phase."""

    def __init__(self, world: World, seed: int, victims: Mapping[str, int]) -> None:
        self.kills: Counter[str] = Counter()
        self.redis_losses = 0
        self.pg_crashes = 0
        self.answers_to_lose = 0
        self._world = world
        self._victims = victims
        self._chance = random.Random(seed + 2)
        self._quota = 0
        self._next_at = 0.0
        self._deck: list[str] = []
        self._victim = ""
        self._in_the_middle = False
        self._recorded = 0
        self._aimed: tuple[int, float] | None = None
        self._redis_back_at: float | None = None

    def wake(self, quota: int) -> None:
        """`quota`: how many more kills it may do."""
        self._quota = quota
        self._plan()

    def spare_the_rest(self) -> None:
        """Nobody is left who could be killed; how many were is counted in the end."""
        self._quota = 0

    @property
    def resting(self) -> bool:
        return self._quota == 0 and self._redis_back_at is None

    @property
    def redis_is_away(self) -> bool:
        return self._redis_back_at is not None

    def beat(self) -> None:
        if self._redis_back_at is not None and time.monotonic() >= self._redis_back_at:
            self._redis_back_at = None
            self._world.servers.revive_valkey()
        if self._quota and time.monotonic() >= self._next_at:
            self._strike()

    def flush_redis(self) -> None:
        with redis.Redis.from_url(self._world.environ["REDIS_URL"]) as connection:
            connection.flushall()
        self.redis_losses += 1

    def take_redis(self, seconds: float) -> None:
        self._world.servers.kill_valkey()
        self._redis_back_at = time.monotonic() + seconds
        self.redis_losses += 1

    def crash_postgres(self) -> None:
        self._world.servers.crash_postgres()
        self.pg_crashes += 1
        self._world.servers.revive_postgres()

    def lose_answers(self, count: int) -> None:
        """The sink takes `count` mails without saying so."""
        self.answers_to_lose += count
        path = faults_path(self._world.folder / "sandbox")
        write_faults(path, [Fault("lose", times=count), Fault("refuse", at="rcpt", code=451, times=count)])

    def _plan(self, spared: str = "") -> None:
        """`spared`: who could not be killed just now."""
        self._aimed = None
        self._next_at = time.monotonic() + self._chance.uniform(*SPACING)
        if not set(self._deck) - {spared}:
            fresh = [victim for victim, often in self._victims.items() for _ in range(often)]
            self._chance.shuffle(fresh)
            self._deck += fresh
        self._victim = self._deck.pop()
        # Most work-horses die in the middle of sending, some anywhere.
        self._in_the_middle = self._victim == "horse" and self._chance.random() < 0.7

    def _strike(self) -> None:
        """A victim that is not there, or not where it should be, is waited for a moment; then another
        one is chosen."""
        if time.monotonic() > self._next_at + PATIENCE:
            self._deck.insert(0, self._victim)
            self._plan(spared=self._victim)
        elif self._aimed is None:
            pids = self._find(self._victim)
            if pids and (not self._in_the_middle or self._mails_come()):
                grace = self._chance.uniform(0, HORSE_GRACE) if self._victim == "horse" else 0.0
                self._aimed = (self._chance.choice(pids), time.monotonic() + grace)
        elif time.monotonic() >= self._aimed[1]:
            if self._aimed[0] in self._find(self._victim):
                with suppress(ProcessLookupError):
                    os.kill(self._aimed[0], signal.SIGKILL)
                    self.kills[self._victim] += 1
                    self._quota -= 1
            self._plan()

    def _mails_come(self) -> bool:
        size = self._world.record.stat().st_size
        came, self._recorded = size > self._recorded, size
        return came

    def _find(self, kind: str) -> list[int]:
        fleet = self._world.fleet
        if kind in ("sweep", "web_master"):
            pid = fleet.pid("sweep" if kind == "sweep" else "web")
            return [pid] if pid else []
        if kind == "web_worker":
            return [child.pid for child in fleet.children("web")]
        if kind == "worker":
            return [pid for name in self._world.worker_names if (pid := fleet.pid(name))]
        return [
            child.pid
            for name in self._world.worker_names
            for child in fleet.children(name)
            if _is_horse(child) == (kind == "horse")
        ]


def _is_horse(process: psutil.Process) -> bool:
    """RQ gives a work-horse a process group of its own, and its scheduler none."""
    try:
        return os.getpgid(process.pid) == process.pid
    except ProcessLookupError:
        return False
