"""The only place that reads the time. All instants are aware and in UTC.

Business time may run ahead of real time in the sandbox: by the seconds written in the clock file.
Leases, tokens, signatures and rate limits take `real()`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic


class Clock:
    """`offset_file`: text, one float of seconds; missing or None means real time."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._file = offset_file
        self._read: tuple[tuple[int, int], timedelta] = ((0, 0), timedelta())

    def now(self) -> datetime:
        """Business time: every decision, every due time."""
        return datetime.now(UTC) + self.offset()

    def real(self) -> datetime:
        """Time that cannot be moved: leases, tokens, signatures, rate limits."""
        return datetime.now(UTC)

    def offset(self) -> timedelta:
        """How far business time is ahead. Costs one `stat` where nothing has changed."""
        if self._file is None:
            return timedelta()
        try:
            stat = os.stat(self._file)  # noqa: PTH116 - a third of the cost of Path.stat, asked per decision
        except FileNotFoundError:
            return timedelta()
        # Every write makes a new file: the inode changes even within one tick of the file system.
        mark = (stat.st_mtime_ns, stat.st_ino)
        if mark != self._read[0]:
            self._read = (mark, timedelta(seconds=float(self._file.read_text("ascii"))))
        return self._read[1]


def going_on(real: datetime) -> Callable[[], datetime]:
    """`real` as it goes on from here: for what is told to others at the end of long work, by code that was
    handed the time at its beginning."""
    began = monotonic()
    return lambda: real + timedelta(seconds=monotonic() - began)


def write_offset(file: Path, seconds: float) -> None:
    """Sets how far business time is ahead; readers see the old or the new value, never half of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{seconds!r}\n")
    Path(name).chmod(0o644)
    Path(name).replace(file)
