"""The time of a chaos run: it flows faster than real time, and jumps between phases."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

FASTER = 120.0
BEAT = 0.1


class VirtualTime:
    """Seconds ahead of real time, written to the clock file of the app under test."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._started = time.monotonic()
        self._jumped = 0.0
        self._written = 0.0
        self.ahead = 0.0

    def now(self) -> datetime:
        """As the processes under test see it."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def jump(self, by: timedelta) -> None:
        self._jumped += by.total_seconds()
        self._write()

    def beat(self) -> None:
        """Called often; moves the file on."""
        if time.monotonic() - self._written >= BEAT:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        self.ahead = self._jumped + (self._written - self._started) * (FASTER - 1)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{self.ahead!r}\n")
        fresh.replace(self._file)
