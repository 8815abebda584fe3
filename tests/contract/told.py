"""What a life comes to, as it is written down beside it: one text for both platforms.

    mails
      1d 0:00       shipped/parcel          so long after the start of the year
      day 13 10:00  review_request/ask      by the calendar and the clock on the wall where they live
    kept
      consent: win_back/offer               decided on and kept back, with the reason
    ends
      OrderCancelled: win_back              how each journey ended, in the order of the alphabet

A line that begins with a platform's name holds for that one alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.commerce import Platform
from flows.wallclock import instant_of
from tests.contract.year import START

FOLDER = Path(__file__).parent / "told"
_MAIL = re.compile(r"(day )?(\d+)d? (\d+):(\d\d) +(\S+)")


@dataclass(frozen=True, slots=True)
class Told:
    """`mails` in the order of their instants; `kept` and `ends` as (what, why), counted."""

    mails: tuple[tuple[datetime, str], ...]
    kept: Counter[tuple[str, str]]
    ends: Counter[tuple[str, str]]


def told(life: str, platform: Platform, zone: ZoneInfo) -> Told:
    parts: dict[str, list[str]] = {"mails": [], "kept": [], "ends": []}
    part = ""
    for line in (FOLDER / f"{life}.txt").read_text("utf-8").splitlines():
        if line in parts:
            part = line
        elif line.strip():
            parts[part] += _for(line.strip(), platform)
    mails = sorted((_instant(line, zone) for line in parts["mails"]), key=lambda mail: mail[0])
    return Told(tuple(mails), Counter(_listed(parts["kept"])), Counter(_listed(parts["ends"])))


def _for(line: str, platform: Platform) -> Iterator[str]:
    first, _, rest = line.partition(" ")
    if first not in set(Platform):
        yield line
    elif first == platform.value:
        yield rest.strip()


def _instant(line: str, zone: ZoneInfo) -> tuple[datetime, str]:
    found = _MAIL.fullmatch(line)
    assert found, line
    by_wall, days, hour, minute, step = found.groups()
    if not by_wall:
        return START + timedelta(days=int(days), hours=int(hour), minutes=int(minute)), step
    day = START.astimezone(zone).date() + timedelta(days=int(days))
    return instant_of(datetime.combine(day, time(int(hour), int(minute))), zone), step


def _listed(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        reason, _, names = line.partition(": ")
        for name in names.split():
            yield name, reason
