"""Who ordered, over all their orders in the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median_low

STEADY = 3
"""Orders from which on a person has a rhythm."""
LETTING_GO, LAST_WORD = "win_back", "why"
"""Flow and step of the mail that asks why somebody stays away. It is the last until they come back."""


@dataclass(frozen=True)  # copied by `copies`
class Person:
    """`key`: a name for them that tells nothing (a keyed hash of the address); None without an address.

    `orders`: real ones that were not cancelled, up to now; `ordered_again_at`: when the first one was placed
    after the order that the journey is about. `spent`: minor units of the shop's currency, refunds taken off.
    `usual_days`: the median of days between their orders, from three orders on. `clicked_at`, `visited_at`:
    the last time that they followed a link of ours or came to a page of ours (opens are never counted).
    `bought_again`: products of orders after this one. `let_go_at`: when the last mail left that asked why
    they stay away.
    """

    key: str | None = None
    orders: int = 0
    first_order_at: datetime | None = None
    last_order_at: datetime | None = None
    ordered_again_at: datetime | None = None
    spent: int = 0
    usual_days: int | None = None
    clicked_at: datetime | None = None
    visited_at: datetime | None = None
    bought_again: frozenset[str] = frozenset()
    let_go_at: datetime | None = None


NOBODY = Person()


def is_asleep(person: Person) -> bool:
    """They were asked why they stay away, and have neither ordered nor followed a link nor come since: until
    they do, nothing is offered to them any more. That is read off what happened, nobody bars them."""
    gone = person.let_go_at
    signs = (person.last_order_at, person.clicked_at, person.visited_at)
    return gone is not None and not any(sign is not None and sign > gone for sign in signs)


def usual_days(placed: Sequence[datetime]) -> int | None:
    """The middle of the whole days between orders, the first first; two of one day are one step."""
    gaps = [days for one, two in pairwise(placed) if (days := (two - one).days)]
    return median_low(gaps) if len(gaps) >= STEADY - 1 else None
