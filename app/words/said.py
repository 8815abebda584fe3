"""The two halves of a sentence that a rule makes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A rule that holds and one that does not: as it was, and as it might have been."""

    holds: str
    fails: str
    if_it_held: str
    if_it_failed: str
