"""Groups of shoppers under a name: those that we ship, and those that a merchant puts together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.conditions import AllOf, AnyOf, Condition, Named, condition_from_plain, condition_to_plain
from flows.facts import Facts, Reason
from flows.stages import Stage

OWN = "own-"
"""What the key of a merchant's own group begins with."""
DEEPEST, MOST_RULES = 3, 12
ASKED_ONCE = frozenset({"began_with", "knob_is_on", "has_words", "total_at_least"})
"""Rules that belong to one flow, and mean nothing of a person."""


@dataclass(frozen=True, slots=True)
class Segment:
    """`key` is permanent. Asked like a condition, when a flow that is for it alone begins."""

    key: str
    title: str
    condition: Condition

    def check(self, facts: Facts, now: datetime) -> Reason:
        return self.condition.check(facts, now)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A group that was stored and means nothing any more. A flow that is for it alone takes nobody."""

    key: str
    title: str

    def check(self, facts: Facts, now: datetime) -> Reason:
        return Reason("is_readable", False, self.title, "a group that can be read")


SEGMENTS: tuple[Segment, ...] = (
    Segment("first_orders", "First orders", Named("is_first_order")),
    Segment("returning", "Has ordered before", ~Named("is_first_order")),
    Segment("best_buyers", "The top 10 % by money spent", Named("spends_in_top", (("percent", 10),))),
    Segment("loyal", "Four orders and more", Named("ordered_at_least", (("orders", 4),))),
    Segment("at_risk", "At risk of staying away", Named("stage_is", (("stage", Stage.AT_RISK.value),))),
    Segment("curious", "Followed a link in 90 days", Named("clicked_within", (("days", 90),))),
    Segment("gifts", "Gifts", Named("is_gift")),
)
BY_KEY: Mapping[str, Segment] = {segment.key: segment for segment in SEGMENTS}


def own_segment(key: str, title: str, data: Any) -> Segment | Unreadable:
    """A merchant's own group from what is stored."""
    try:
        return Segment(key, title, read(data))
    except ValueError:
        return Unreadable(key, title)


def read(data: Any) -> Condition:
    """Raises ValueError that says what is wrong, whatever `data` is."""
    try:
        condition = condition_from_plain(data)
    except (TypeError, AttributeError, KeyError, RecursionError) as wrong:
        raise ValueError(f"this is not a group: {wrong}") from wrong
    check_segment(condition)
    return condition


def write(condition: Condition) -> Any:
    return condition_to_plain(condition)


def check_segment(condition: Condition) -> None:
    """Raises ValueError for what no group may ask. How content somebody is belongs to no group: a flow that
    asks for a review could be narrowed to it."""
    rules = list(condition.rules())
    if len(rules) > MOST_RULES:
        raise ValueError(f"{len(rules)} rules; {MOST_RULES} at most")
    if (depth := _depth(condition)) > DEEPEST:
        raise ValueError(f"{depth} levels deep; {DEEPEST} at most")
    for rule in rules:
        if rule.sentiment:
            raise ValueError(f"{rule.name} tells how content somebody is")
        if rule.name in ASKED_ONCE:
            raise ValueError(f"{rule.name} belongs to one flow")


def products_named(condition: Condition) -> Iterator[str]:
    """Ids of products: of one that the shop deleted nobody buys any more."""
    asked = (one for one in condition.named() if one.name == "bought_product")
    return (str(value) for one in asked for _, value in one.arguments)


def _depth(condition: Condition) -> int:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return 1 + max(map(_depth, parts))
    return 1
