"""A question that a flow may ask of the facts, under a permanent name.

A rule looks and says what it found; whether that is wanted is the condition's business. Every rule
has a second name for its opposite, so that a reason reads the same way round as the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from flows.facts import Facts, Reason

Argument = int | str
Arguments = Mapping[str, Argument]
Look = Callable[[Facts, datetime, Arguments], tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`look` answers (does it hold, what was found) at an instant. `wanted` and `unwanted` say in words
    what passes the rule and its opposite; they may name arguments. `arguments`: name and type of each.

    `about_lines`: a refund of some lines can change it, and then ends a journey that is under way.
    `sentiment`: it tells how content somebody is, so no flow that asks for a review may look at it.
    """

    name: str
    opposite: str
    look: Look
    wanted: str
    unwanted: str
    arguments: tuple[tuple[str, type], ...] = ()
    about_lines: bool = False
    sentiment: bool = False


@lru_cache(maxsize=8192)
def leaf(rule: str, passed: bool, value: str = "", wanted: str = "") -> Reason:
    """A reason without parts. The same few come again and again, so each is built once."""
    return Reason(rule, passed, value, wanted)


# Asked for every flow of an order anew, of the same two instants.
@lru_cache(maxsize=4096)
def whole_second(moment: datetime) -> datetime:
    """Stores tell time in whole seconds: what happened in the second of a switch came after it."""
    return moment.replace(microsecond=0)


@lru_cache(maxsize=4096)
def told(at: datetime | None) -> str:
    return "never" if at is None else at.isoformat(timespec="seconds")


def lately(at: datetime | None, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Whether it was in the last days, as many as the rule is asked for."""
    return at is not None and at >= now - timedelta(days=int(arguments["days"])), told(at)
