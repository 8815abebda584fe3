"""What the accounts of shops may take of a batch: everybody's mails wait meanwhile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

OF_ONE, OF_ALL = 5.0, 10.0
"""Seconds that the account of one shop, and those of all together, may take. A single try that takes all of
one's share has hung: nobody else's account is tried in this batch."""


@dataclass(slots=True)
class Shares:
    """`seconds`: by account. `hung`: one of them took too long at once."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    hung: bool = False

    def take(self, account: str, seconds: float) -> None:
        self.seconds[account] += seconds
        self.hung = self.hung or has_hung(seconds)

    def is_used_up(self, account: str) -> bool:
        return self.hung or self.seconds[account] > OF_ONE or sum(self.seconds.values()) > OF_ALL


def has_hung(seconds: float) -> bool:
    return seconds > OF_ONE
