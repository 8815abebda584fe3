"""How long to wait before a store that failed us is asked again."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import NotNow, StoreBusy

PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(attempts: int, error: Exception) -> timedelta:
    """Doubled with each attempt, up to an hour; longer where the store says so itself. What did not come to
    asking waits for as long as that is so."""
    if isinstance(error, NotNow):
        return timedelta(seconds=error.wait)
    doubled: timedelta = PAUSE * 2 ** min(attempts - 1, 10)
    asked = timedelta(seconds=error.wait) if isinstance(error, StoreBusy) else timedelta()
    return max(min(doubled, LONGEST_PAUSE), asked)
