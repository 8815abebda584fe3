"""What a shop's machine takes for the time: it stands over each of its answers."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wire.http import Answer


def machine_time(answer: Answer) -> datetime | None:
    """None: it is not told, or the answer comes out of a store in between, which says nothing."""
    if answer.headers.get("age", "0") != "0":
        return None
    try:
        told = parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
