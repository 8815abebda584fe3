"""What the accounts of shops may take of a batch: everybody's mails wait meanwhile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

OF_ONE, OF_ALL = 5.0, 10.0
"""Seconds that the account of one shop, and those of all together, may take."""


@dataclass(slots=True)
class Shares:
    """`seconds`: by account."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def take(self, account: str, seconds: float) -> None:
        self.seconds[account] += seconds

    def is_used_up(self, account: str) -> bool:
        return self.seconds[account] > OF_ONE or sum(self.seconds.values()) > OF_ALL
