"""Failures that are nobody's mistake in the code, in words. Loaded only when a command has failed."""

from __future__ import annotations

import redis
from sqlalchemy.exc import OperationalError, ProgrammingError

_DOCTOR = "`doorstep doctor` says more; `doorstep up` starts everything on this machine."


def in_words(error: Exception) -> str | None:
    """What happened and what to do; None where the error must be shown as it is."""
    if isinstance(error, OperationalError):
        return f"The database does not answer: {_first_line(error.orig)} {_DOCTOR}"
    if isinstance(error, ProgrammingError) and "does not exist" in str(error.orig):
        return f"The database is not up to date: {_first_line(error.orig)} Run `doorstep migrate`."
    if isinstance(error, redis.ConnectionError):
        return f"Redis does not answer: {_first_line(error)} {_DOCTOR}"
    return None


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return f"{lines[0].rstrip('.')}." if lines else "no reason given."
