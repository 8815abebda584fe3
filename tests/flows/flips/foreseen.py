"""The rules about what is foreseen: facts under which each does not hold, and does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.conditions import Named
from flows.estimates import Estimate
from flows.person import Person
from flows.picks import Pick, Why
from tests.flows.situation import NOW, PLAIN, Change, Questions, Situation

RUN_OUT = {"run_out": Estimate(NOW + timedelta(days=30), "fallback")}
PICKS = (Pick("p-lid", Why.TOGETHER, 9),)


def last_ordered(days: int) -> Situation:
    person = Person("k", orders=3, last_order_at=NOW - timedelta(days=days), usual_days=30)
    return PLAIN.having(person=person)


QUESTIONS: Questions = {
    "has_run_out": (Named("has_run_out"), "estimates[run_out]", PLAIN, PLAIN.having(estimates=RUN_OUT)),
    "has_picks": (Named("has_picks"), "picks", PLAIN, PLAIN.having(picks=PICKS)),
    "away_for": (
        Named("away_for", (("days", 60),)),
        "person.last_order_at",
        last_ordered(1),
        last_ordered(65),
    ),
    "away_beyond_rhythm": (
        Named("away_beyond_rhythm", (("percent", 150),)),
        "person.last_order_at",
        last_ordered(1),
        last_ordered(65),
    ),
    "stage_is": (
        Named("stage_is", (("stage", "at_risk"),)),
        "person.last_order_at",
        last_ordered(1),
        last_ordered(65),
    ),
}


def _last_order(it: Situation) -> Situation:
    last = it.facts.person.last_order_at
    lately = last is not None and last > NOW - timedelta(days=30)
    moved = replace(it.facts.person, last_order_at=NOW - timedelta(days=65 if lately else 1))
    return it.having(person=moved)


CHANGE: Change = {
    "estimates[run_out]": lambda it: it.having(estimates={} if it.facts.estimates else RUN_OUT),
    "picks": lambda it: it.having(picks=() if it.facts.picks else PICKS),
    "person.last_order_at": _last_order,
}
