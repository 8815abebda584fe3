"""The first rules: facts under which each does not hold, and under which it does."""

from __future__ import annotations

from datetime import timedelta

from flows.commerce import OrderState
from flows.conditions import Named
from flows.events import EventKind
from tests.flows.pictures import T0
from tests.flows.situation import GIFT_CARD, PLAIN, Change, Questions

CLICKED = EventKind.LINK_CLICKED
QUESTIONS: Questions = {
    "has_reviewable_line": (
        Named("has_reviewable_line"),
        "order.lines",
        PLAIN.ordering(lines=(GIFT_CARD,)),
        PLAIN,
    ),
    "is_gift": (Named("is_gift"), "order.is_gift", PLAIN, PLAIN.ordering(is_gift=True)),
    "is_test": (Named("is_test"), "order.is_test", PLAIN, PLAIN.ordering(is_test=True)),
    "is_pos": (Named("is_pos"), "order.source", PLAIN, PLAIN.ordering(source="pos")),
    "is_renewal": (Named("is_renewal"), "order.is_renewal", PLAIN, PLAIN.ordering(is_renewal=True)),
    "order_cancelled": (
        Named("order_cancelled"),
        "happened[OrderCancelled]",
        PLAIN,
        PLAIN.ordering(state=OrderState.CANCELLED),
    ),
    "is_first_order": (Named("is_first_order"), "orders_before", PLAIN.having(orders_before=2), PLAIN),
    "open_complaint": (Named("open_complaint"), "open_complaint", PLAIN, PLAIN.having(open_complaint=True)),
    "reviewed_within": (
        Named("reviewed_within", (("months", 12),)),
        "reviewed_products",
        PLAIN,
        PLAIN.having(reviewed_products={"p-mug": T0 - timedelta(days=30)}),
    ),
    "has_happened": (
        Named("has_happened", (("event", CLICKED.value),)),
        "happened[LinkClicked]",
        PLAIN,
        PLAIN.having(happened={CLICKED: T0}),
    ),
    "happened_within": (
        Named("happened_within", (("event", CLICKED.value), ("days", 5))),
        "happened[LinkClicked]",
        PLAIN,
        PLAIN.having(happened={CLICKED: T0}),
    ),
    "told_in_all": (Named("told_in_all"), "told_in_all", PLAIN, PLAIN.having(told_in_all=True)),
    "scored_at_least": (
        Named("scored_at_least", (("points", 7),)),
        "last_score",
        PLAIN.having(last_score=2),
        PLAIN.having(last_score=9),
    ),
}

CHANGE: Change = {"told_in_all": lambda it: it.having(told_in_all=not it.facts.told_in_all)}
