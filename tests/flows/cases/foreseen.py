"""What the rules about what is foreseen say."""

from __future__ import annotations

from datetime import timedelta

from flows.conditions import (
    Condition,
    away_beyond_rhythm,
    away_for,
    has_picks,
    has_run_out,
    stage_is,
)
from flows.estimates import Estimate
from flows.facts import Facts
from flows.person import Person
from flows.picks import Pick, Why
from flows.stages import Stage
from tests.flows.pictures import T0, facts


def away(days: float, orders: int = 1, usual: int | None = None) -> Facts:
    last = T0 - timedelta(days=days)
    return facts(person=Person("k", orders=orders, last_order_at=last, usual_days=usual))


CASES: list[tuple[Condition, Facts, bool]] = [
    (has_run_out, facts(estimates={"run_out": Estimate(T0, "fallback")}), True),
    (has_run_out, facts(estimates={"estimated_arrival": Estimate(T0, "fallback")}), False),
    (has_picks, facts(picks=(Pick("p-lid", Why.TOGETHER, 9),)), True),
    (has_picks, facts(), False),
    (away_for(days=60), away(60), True),
    (away_for(days=60), away(59.9), False),
    (away_for(days=60), facts(), False),
    (away_for(days=1), away(-3), False),
    (away_beyond_rhythm(percent=150), away(30, 4, 20), True),
    (away_beyond_rhythm(percent=150), away(29, 4, 20), False),
    (away_beyond_rhythm(percent=150), away(900), False),
    (away_beyond_rhythm(percent=150), facts(), False),
    (stage_is(Stage.NEW), away(3), True),
    (stage_is(Stage.NEW), away(3, orders=2), False),
    (stage_is(Stage.ACTIVE), away(59, orders=3), True),
    (stage_is(Stage.LOYAL), away(59, orders=4), True),
    (stage_is(Stage.LOYAL), away(60, orders=4), False),
    (stage_is(Stage.AT_RISK), away(60, orders=4), True),
    (stage_is(Stage.AT_RISK), away(179), True),
    (stage_is(Stage.LOST), away(180), True),
    (stage_is(Stage.AT_RISK), away(45, 3, 30), True),
    (stage_is(Stage.AT_RISK), away(44, 3, 30), False),
    (stage_is(Stage.LOST), away(90, 3, 30), True),
    (stage_is(Stage.LOST), away(89, 3, 30), False),
    (stage_is(Stage.AT_RISK), away(20, 3, 2), False),
    (stage_is(Stage.AT_RISK), away(21, 3, 2), True),
    (stage_is(Stage.NEW), facts(), False),
]
