"""What happens to the people of a chaos run: planned from a seed, before anything runs.

A life is one order from checkout to the last review mail. Its happenings are spread over phases;
between two phases the system comes to rest and virtual time jumps on.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Phase(IntEnum):
    DELIVERY = 1
    ARRIVAL = 2
    ASK = 3
    NUDGE = 4
    LAST = 5


# How far time jumps before each phase: past what is due in it, at whatever hour. "It has arrived" goes
# out 2 hours after the last parcel, the first question 10 days after it, the others 3 and 7 days later.
JUMPS = {
    Phase.DELIVERY: timedelta(0),
    Phase.ARRIVAL: timedelta(hours=3),
    Phase.ASK: timedelta(days=11),
    Phase.NUDGE: timedelta(days=4),
    Phase.LAST: timedelta(days=8),
}


class Fate(StrEnum):
    KEPT = "kept"
    SPLIT = "split"
    PART_REFUND = "part_refund"
    REFUND_AT_ONCE = "refund_at_once"
    REFUND_WITH_ASK = "refund_with_ask"
    REFUND_WITH_NUDGE = "refund_with_nudge"
    CANCELLED = "cancelled"
    ON_ITS_WAY = "on_its_way"
    UNSUBSCRIBED = "unsubscribed"
    OLD = "old"


WEIGHTS = {
    Fate.KEPT: 52,
    Fate.SPLIT: 10,
    Fate.PART_REFUND: 6,
    Fate.REFUND_AT_ONCE: 6,
    Fate.REFUND_WITH_ASK: 6,
    Fate.REFUND_WITH_NUDGE: 5,
    Fate.CANCELLED: 5,
    Fate.ON_ITS_WAY: 4,
    Fate.UNSUBSCRIBED: 3,
    Fate.OLD: 3,
}


@dataclass(frozen=True)
class ChaosShop:
    """`secret` signs its webhooks; `token` is in the path of WooCommerce's."""

    id: int
    platform: str
    domain: str
    secret: str
    token: str


@dataclass
class Life:
    """One order as its store knows it, filled in as things happen.

    `shipped`, `delivered`: parcel number -> when. `refunds`: line numbers and when.
    """

    number: int
    shop: ChaosShop
    fate: Fate
    placed_at: datetime | None = None
    changed_at: datetime | None = None
    cancelled_at: datetime | None = None
    shipped: dict[int, datetime] = field(default_factory=dict)
    delivered: dict[int, datetime] = field(default_factory=dict)
    refunds: list[tuple[tuple[int, ...], datetime]] = field(default_factory=list)

    @property
    def email(self) -> str:
        """Says whose it is, so that a mail that a wrong shop sends gives itself away."""
        return f"life-{self.number}@{self.shop.domain.split('.')[0]}.example"

    @property
    def all_parcels(self) -> int:
        return 2 if self.fate is Fate.SPLIT else 1

    @property
    def fully_refunded(self) -> bool:
        return {line for lines, _ in self.refunds for line in lines} == {1, 2}


@dataclass(frozen=True, order=True)
class Happening:
    """`after`: seconds from the start of its phase. `detail`: the parcel, or the refunded line."""

    phase: Phase
    after: float
    life: int
    what: str
    detail: int = 0


def plan(
    seed: int,
    count: int,
    shops: list[ChaosShop],
    seconds: float,
    pause: float,
    weights: Mapping[Fate, int] = WEIGHTS,
) -> tuple[dict[int, Life], list[Happening]]:
    """`seconds`: how long orders keep coming in; `pause`: the longest between two happenings of one.
    Lives by number; happenings in order of time."""
    chance = random.Random(seed)
    fates = chance.choices(list(weights), list(weights.values()), k=count)
    lives = [Life(number, shops[number % len(shops)], fate) for number, fate in enumerate(fates, start=1)]
    happenings = [one for life in lives for one in _course(life, chance, seconds, pause)]
    return {life.number: life for life in lives}, sorted(happenings)


def _course(life: Life, chance: random.Random, seconds: float, pause: float) -> list[Happening]:
    at = chance.uniform(0, seconds)
    found: list[Happening] = []

    def then(what: str, detail: int = 0) -> None:
        nonlocal at
        found.append(Happening(Phase.DELIVERY, at, life.number, what, detail))
        at += chance.uniform(0.2, pause)

    then("place")
    if life.fate is Fate.CANCELLED:
        then("cancel")
        return found
    for parcel in range(1, life.all_parcels + 1):
        then("ship", parcel)
    if life.fate is not Fate.ON_ITS_WAY:
        for parcel in range(1, life.all_parcels + 1):
            then("deliver", parcel)
    if life.fate is Fate.PART_REFUND:
        then("refund", 1)
    if life.fate is Fate.REFUND_AT_ONCE:
        then("refund")
    if life.fate is Fate.REFUND_WITH_ASK:
        found.append(Happening(Phase.ASK, chance.uniform(0, 4), life.number, "refund"))
    if life.fate is Fate.REFUND_WITH_NUDGE:
        found.append(Happening(Phase.NUDGE, chance.uniform(0, 4), life.number, "refund"))
    return found
