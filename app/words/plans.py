"""The plans that a shop can be on: one table. Limits, pages and the listing are all read from it.

What is set in Shopify's dashboard has to say the same: handle, name and price of each plan.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`handle`: the platform's name for it. `cents`: US cents a month. `orders`: how many orders a calendar
    month may get mails, None: any number. Every plan has every feature."""

    handle: str
    name: str
    cents: int
    orders: int | None
    words: str

    @property
    def price(self) -> str:
        """$15 a month."""
        return f"${self.cents // 100:,} a month"

    @property
    def limit(self) -> str:
        """500 orders a month."""
        return "Any number of orders" if self.orders is None else f"{self.orders:,} orders a month"


FREE = Plan("free", "Free", 0, 50, "To begin with, for as long as you like.")
PLANS = (
    FREE,
    Plan("starter", "Starter", 1_500, 500, "For a shop with a few orders a day."),
    Plan("growth", "Growth", 3_900, 2_500, "For a shop with up to eighty orders a day."),
    Plan("unlimited", "Unlimited", 9_900, None, "For a shop that has stopped counting."),
)
# What a shop is warned at, before its plan is used up.
NEARLY = 0.8
EVERY_PLAN = "Every plan has every flow, reviews, the tracking page and your own texts and brand."

_BY_HANDLE = {plan.handle: plan for plan in PLANS}


def plan_of(handle: str) -> Plan:
    """The plan behind a handle that the platform named. One that is not in the table was agreed on with
    this shop alone: it is paid for, so it has no limit here."""
    return _BY_HANDLE.get(handle) or Plan(handle, "A plan of your own", 0, None, "Agreed on with you.")


def is_nearly_used(plan: Plan, used: int) -> bool:
    return plan.orders is not None and used >= NEARLY * plan.orders


def is_used_up(plan: Plan, used: int) -> bool:
    return plan.orders is not None and used >= plan.orders
