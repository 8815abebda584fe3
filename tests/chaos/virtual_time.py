"""The time of a chaos run: it flows faster than real time, and jumps between phases."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

FASTER = 120.0
# On a slow machine a phase takes longer, but it must not reach what the next one is for.
BUDGET = 60 * 60.0
FASTER_BEYOND = 2.0
BEAT = 0.1


class VirtualTime:
    """Seconds ahead of real time, written to the clock file of the app under test."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._beaten = time.monotonic()
        self._flown = 0.0
        self.ahead = 0.0

    def now(self) -> datetime:
        """As the processes under test see it."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def jump(self, by: timedelta) -> None:
        """A new phase begins."""
        self._flown = 0.0
        self._move(by.total_seconds())

    def beat(self) -> None:
        """Called often; lets time flow."""
        passed = time.monotonic() - self._beaten
        if passed >= BEAT:
            self._beaten += passed
            gained = passed * ((FASTER if self._flown < BUDGET else FASTER_BEYOND) - 1)
            self._flown += gained
            self._move(gained)

    def _move(self, seconds: float) -> None:
        self.ahead += seconds
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{self.ahead!r}\n")
        fresh.replace(self._file)
