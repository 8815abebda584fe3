"""The processes under test, and a supervisor that starts again what was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

LAUNCH = Path(__file__).with_name("launch.py")
RESTART_AFTER = 0.3


@dataclass
class Member:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    fell_at: float | None = None


class Fleet:
    """`tree`: the source tree that runs. All calls from the main thread, which children are bound to."""

    def __init__(self, tree: Path, environ: Mapping[str, str], logs: Path) -> None:
        self.members: dict[str, Member] = {}
        self.restarts: Counter[str] = Counter()
        self.tree = tree
        self.environ = {**environ, "PYTHONPATH": str(tree), "PYTHONUNBUFFERED": "1"}
        self._logs = logs
        logs.mkdir(parents=True, exist_ok=True)

    def start_command(self, name: str, *command: str, lease: str = "-") -> None:
        """One of the app's commands, as `doorstep COMMAND`."""
        self._start(name, [sys.executable, str(LAUNCH), lease, *command])

    def start_module(self, name: str, module: str) -> None:
        self._start(name, [sys.executable, "-m", module])

    def pid(self, name: str) -> int | None:
        member = self.members[name]
        return member.process.pid if member.process.poll() is None else None

    def children(self, name: str) -> list[psutil.Process]:
        pid = self.pid(name)
        try:
            return psutil.Process(pid).children() if pid else []
        except psutil.NoSuchProcess:
            return []

    def mend(self) -> None:
        """Starts again what has ended, a moment after it did."""
        now = time.monotonic()
        for member in self.members.values():
            if member.process.poll() is None:
                continue
            if member.fell_at is None:
                member.fell_at = now
            elif now - member.fell_at >= RESTART_AFTER:
                self.restarts[member.name] += 1
                self._start(member.name, member.command)

    def stop(self) -> None:
        for member in reversed(self.members.values()):
            if member.process.poll() is None:
                member.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 8
        for member in self.members.values():
            try:
                member.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                member.process.kill()
                member.process.wait()

    def _start(self, name: str, command: list[str]) -> None:
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self.tree, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.members[name] = Member(name, command, process)
