"""How fast an account takes mails: learnt from its own complaints, and forgotten slowly.

Whoever is told to go slower halves; whoever hears nothing of it for a minute takes a tenth more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from emails.providers.base import SendFailed

FIRST: Mapping[str, float] = {"resend": 2.0, "ses": 14.0}
"""Mails a second that a vendor grants a new account, where its documentation says so; the others are taken as
fast as they go until they say otherwise."""
UNKNOWN = 10.0
"""What is halved where no number is known."""
SLOWEST, FASTEST = 0.1, 1000.0
SETTLES = timedelta(seconds=5)
"""Complaints within so long are about the same burst."""
GROWS = timedelta(minutes=1)
GROWTH = 1.1
BUSY = "vendor_busy"
_SLOWER = re.compile(r"4\.7\.\d{1,3}\b")
_GREYLISTED = re.compile(r"gr[ae]y.?list", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pace:
    """`per_second` None: as fast as it goes. `allowance`: what may leave at once as of `filled_at`; never
    more than a second's worth, so that nothing is saved up for a burst."""

    per_second: float | None
    allowance: float
    filled_at: datetime
    booked_until: datetime | None = None
    paced_at: datetime | None = None


def first_pace(vendor: str, real: datetime) -> Pace:
    per_second = FIRST.get(vendor)
    return Pace(per_second, max(1.0, per_second or 0.0), real)


def asks_slower(failure: SendFailed) -> bool:
    """429, or a mail server's 4.7.x (RFC 3463: policy, which is how servers say that it is too much), unless
    it only wants to see a stranger a second time."""
    if failure.reason == BUSY:
        return True
    deferred = failure.code is not None and 400 <= failure.code <= 499
    return deferred and bool(_SLOWER.match(failure.answer)) and not _GREYLISTED.search(failure.answer)


def take(pace: Pace, wanted: int, real: datetime) -> tuple[int, Pace]:
    """How many of the wanted may leave now, and what is left."""
    if pace.per_second is None:
        return wanted, pace
    filled = _filled(pace, pace.per_second, real)
    granted = max(0, min(wanted, int(filled.allowance + 1e-9)))
    return granted, replace(filled, allowance=filled.allowance - granted)


def book(pace: Pace, waiting: int, real: datetime) -> tuple[list[timedelta], Pace]:
    """For those that may not: after how long each may come again, one behind the other, and behind whoever
    waits already."""
    if pace.per_second is None or not waiting:
        return [timedelta()] * waiting, pace
    each = timedelta(seconds=1 / pace.per_second)
    short = timedelta(seconds=max(0.0, -pace.allowance) / pace.per_second)
    start = max(real + short, pace.booked_until or real)
    moments = [start + each * place for place in range(1, waiting + 1)]
    return [moment - real for moment in moments], replace(pace, booked_until=moments[-1])


def slower(pace: Pace, wish: float, real: datetime) -> Pace:
    """`wish`: seconds of silence that the vendor asks for."""
    held = pace.per_second or UNKNOWN
    if pace.paced_at is None or real - pace.paced_at >= SETTLES or pace.per_second is None:
        held = max(SLOWEST, held / 2)
    silence = -wish * held
    filled = _filled(pace, held, real)
    return replace(
        filled, per_second=held, allowance=min(filled.allowance, silence, 0.0), paced_at=real, filled_at=real
    )


def faster(pace: Pace, real: datetime) -> Pace:
    """After mails were taken."""
    if pace.per_second is None or (pace.paced_at is not None and real - pace.paced_at < GROWS):
        return pace
    grown = pace.per_second * GROWTH
    filled = _filled(pace, pace.per_second, real)
    return replace(filled, per_second=grown if grown < FASTEST else None, paced_at=real)


def emptied(pace: Pace, real: datetime) -> Pace:
    """After an outage: what could have left meanwhile is no room now."""
    return replace(pace, allowance=min(pace.allowance, 0.0), filled_at=real)


def _filled(pace: Pace, per_second: float, real: datetime) -> Pace:
    """A clock of another machine that is behind fills nothing and takes nothing."""
    gone = max(0.0, (real - pace.filled_at).total_seconds())
    most = max(1.0, per_second)
    return replace(
        pace, allowance=min(most, pace.allowance + gone * per_second), filled_at=max(real, pace.filled_at)
    )
