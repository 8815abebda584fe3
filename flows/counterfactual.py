"""What would have changed the outcome: read off the tree of reasons, never guessed.

A tree of reasons says yes when all its tops say yes. Each leaf looked at one fact. A change of one fact
turns every leaf that failed because of it; if the whole then says yes, that change alone would have
sufficed. Where several independent facts speak against it, no single change would: then the least that
would have to change together is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.facts import Reason
from flows.rules import RULES

REFUNDS = "order.refunds"

# The fact that a rule looks at; what has happened is told apart by the event.
FACTS: Mapping[str, str] = {
    "shop_is_active": "shop.active",
    "placed_after_connect": "order.placed_at",
    "asked_for": "order.placed_at",
    "flow_was_on": "setting.enabled",
    "knob_is_on": "setting.knobs",
    "began_with": "trigger",
    "has_kept_line": REFUNDS,
    "has_reviewable_line": "order.lines",
    "is_gift": "order.is_gift",
    "is_test": "order.is_test",
    "is_pos": "order.source",
    "is_renewal": "order.is_renewal",
    "order_cancelled": "happened[OrderCancelled]",
    "is_first_order": "orders_before",
    "open_complaint": "open_complaint",
    "reviewed_within": "reviewed_products",
    "has_goods": "order.goods",
    "has_digital_line": "order.digital",
    "waits_to_leave": "parcels.left",
    "silent_for": "parcel.scans",
    "expected_by_now": "estimates.arrival",
    "new_day_is_told": "progress",
    "is_certain": "inferred",
    "has_happened": "happened",
    "happened_within": "happened",
    "told_with": "refund.created_at",
    "told_in_all": "told_in_all",
    "scored_at_least": "last_score",
    "has_words": "content",
    "total_at_least": "order.total",
    "vip_is_thanked": "vip",
    "orders_at_most": "orders_before",
    "is_first_parcel": "parcels",
    "stars_at_least": "stars",
    "is_consumable": "products.consumable",
    "is_durable": "products.durable",
    "is_digital": "products.digital",
    "kind_is": "products.timing",
    "has_run_out": "estimates[run_out]",
    "has_picks": "picks",
    "away_for": "person.last_order_at",
    "away_beyond_rhythm": "person.last_order_at",
    "stage_is": "person.last_order_at",
    "bought_again": "person.bought_again",
    "is_seasonal": "products.tags",
    "order_number_is": "orders_before",
    "ordered_at_least": "person.orders",
    "value_at_least": "order.value",
    "spent_at_least": "person.spent",
    "spends_in_top": "person.spent",
    "bought_product": "lines.product",
    "bought_category": "lines.category",
    "bought_tag": "lines.tag",
    "bought_vendor": "lines.vendor",
    "country_is": "order.country",
    "region_is": "order.region",
    "clicked_within": "person.clicked_at",
    "visited_within": "person.visited_at",
    "interval_below": "person.usual_days",
    "is_readable": "setting.only_for",
    "not_held_out": "draw",
    "flow_is_on": "setting.enabled",
    "step_exists": "flow.steps",
    "has_recipient": "recipient",
    "not_suppressed": "suppressed",
    "not_unsubscribed": "unsubscribed",
    "topic_not_left": "left_topics",
    "class_not_left": "unsubscribed",
    "consent_not_withdrawn": "consent",
    "has_consent": "consent",
    "law_allows": "consent",
    "is_awake": "person.answered_at",
    "shop_is_silent": "order.shop_wrote",
    "not_expired": "expires_at",
    "no_late_parcel": "late",
    "due": "due_at",
    "is_active": "journey.status",
    # Asked by the desk (flows/desk.py) and before it (app/services/freshness.py).
    "spaced": "touches",
    "within_week": "touches.week",
    "within_month": "touches.month",
    "own_pace": "touches.pace",
    "not_quiet": "clock",
    "is_fresh": "order.read_at",
    "timer_is_due": "journey.wake_at",
    "moment_moved": "journey.wake_at",
    "waits_for_it": "journey.step",
    # Not asked by guards or engine, but by whoever holds the row (app/services/send.py).
    "same_generation": "shop.generation",
    "order_is_stored": "order",
    "flow_is_known": "flow",
    "in_own_name": "shop.domain",
    # Asked once a flow would begin (app/services/billing.py).
    "within_plan": "plan.orders",
}
_BASES = {rule.opposite: rule.name for rule in RULES.values()}
_EVENT = re.compile(r"\b(?:[A-Z][a-z]+){2,}|\bUnsubscribed\b")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would have had to be otherwise, with the leaves that looked at it."""

    fact: str
    leaves: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """`alone`: each of these changes, by itself, turns the outcome. `together`: where none does and the
    outcome was no, the least that turns it when all of it changes."""

    passed: bool
    alone: tuple[Change, ...] = ()
    together: tuple[Change, ...] = ()


def counterfactual(reasons: Sequence[Reason]) -> Counterfactual:
    """What turns the outcome of `reasons`, all of which had to pass."""
    whole = Reason("all", all(_holds(reason, frozenset()) for reason in reasons), parts=tuple(reasons))
    leaves = tuple(leaf for reason in reasons for leaf in leaves_of(reason))
    named = _named(leaves)
    changes = {
        fact: Change(fact, tuple(one for one in leaves if named[one] == fact and one.passed is whole.passed))
        for fact in dict.fromkeys(named[one] for one in leaves if one.passed is whole.passed)
    }

    def turns(facts: Collection[str]) -> bool:
        return _holds(whole, _turned(leaves, named, facts, whole.passed)) is not whole.passed

    alone = tuple(change for fact, change in changes.items() if turns((fact,)))
    if alone or whole.passed:
        return Counterfactual(whole.passed, alone)
    least = [fact for fact in changes if fact in _least(whole, named)]
    for fact in tuple(least):
        if turns([other for other in least if other != fact]):
            least.remove(fact)
    return Counterfactual(False, (), tuple(changes[fact] for fact in least) if turns(least) else ())


def leaves_of(reason: Reason) -> Iterator[Reason]:
    """The rules that looked at facts themselves."""
    if not reason.parts:
        yield reason
    for part in reason.parts:
        yield from leaves_of(part)


def fact_of(leaf: Reason) -> str:
    """The permanent name of the fact that a leaf looked at. Raises KeyError for an unknown rule."""
    base = _BASES.get(leaf.rule, leaf.rule)
    if leaf.rule == "has_not_happened" or FACTS[base] == "happened":
        event = _EVENT.search(leaf.wanted) or _EVENT.search(leaf.value)
        name = event[0] if event else ""
        return REFUNDS if name == "OrderRefunded" else f"happened[{name}]"
    return FACTS[base]


def _named(leaves: Sequence[Reason]) -> dict[Reason, str]:
    """The fact of each leaf. Where no line is kept at all, that none can be reviewed follows from it."""
    none_kept = any(leaf.rule == "has_kept_line" and not leaf.passed for leaf in leaves)
    return {
        leaf: REFUNDS if none_kept and leaf.rule == "has_reviewable_line" else fact_of(leaf)
        for leaf in leaves
    }


def _turned(
    leaves: Sequence[Reason], named: Mapping[Reason, str], facts: Collection[str], passed: bool
) -> frozenset[Reason]:
    """The leaves that answer otherwise once these facts have changed: those that spoke for the outcome,
    and whatever asked the same question the other way round."""
    moved = {leaf for leaf in leaves if named[leaf] in facts and leaf.passed is passed}
    asked = {_question(leaf) for leaf in moved}
    return frozenset(moved | {leaf for leaf in leaves if _question(leaf) in asked})


def _question(leaf: Reason) -> tuple[str, str, tuple[str, ...]]:
    return _BASES.get(leaf.rule, leaf.rule), leaf.value, tuple(_NUMBER.findall(leaf.wanted))


def _holds(reason: Reason, turned: frozenset[Reason]) -> bool:
    if not reason.parts:
        return reason.passed is not (reason in turned)
    held = (_holds(part, turned) for part in reason.parts)
    return any(held) if reason.rule == "any" else all(held)


def _least(reason: Reason, named: Mapping[Reason, str]) -> frozenset[str]:
    """Facts whose change makes a reason pass that did not: of alternatives, those that need fewest."""
    if not reason.parts:
        return frozenset() if reason.passed else frozenset((named[reason],))
    needed = [_least(part, named) for part in reason.parts]
    if reason.rule == "any":
        return min(needed, key=len)
    return frozenset().union(*needed)
