"""The time of the sandbox: real time plus the offset that a file holds.

The file is one float, the seconds that virtual time is ahead; a missing file means none.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


def real_now() -> datetime:
    """For signatures, token lives and delivery times: they never follow the virtual clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """`file` None: virtual time is real time."""

    file: Path | None = None

    def offset(self) -> float:
        """Seconds ahead of real time."""
        if self.file is None:
            return 0.0
        try:
            return float(self.file.read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0.0

    def now(self) -> datetime:
        return real_now() + timedelta(seconds=self.offset())

    def set_offset(self, seconds: float) -> None:
        """Replaces the file in one step, so that no reader ever sees half a number."""
        if self.file is None:
            raise ValueError("this clock has no file: its time cannot be moved")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_name(f"{self.file.name}.{os.getpid()}.new")
        fresh.write_text(repr(float(seconds)), encoding="ascii")
        fresh.replace(self.file)
