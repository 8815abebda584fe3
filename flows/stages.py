"""How a person stands to the shop: where they are in the life of a customer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flows.person import Person

FAITHFUL = 4
"""Orders from which on somebody is loyal."""
MISSED, GONE = 60, 180
"""Days without an order, of somebody whose rhythm is not known."""
SHORTEST_RHYTHM = 14


class Stage(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    LOYAL = "loyal"
    AT_RISK = "at_risk"
    LOST = "lost"


def stage_of(person: Person, now: datetime) -> Stage | None:
    """None: somebody without an order. Who has a rhythm is at risk after one and a half times of it and lost
    after three times; everybody else after 60 and 180 days."""
    away = days_away(person, now)
    if away is None:
        return None
    at_risk, lost = MISSED, GONE
    if person.usual_days is not None:
        rhythm = max(person.usual_days, SHORTEST_RHYTHM)
        at_risk, lost = rhythm * 3 // 2, rhythm * 3
    if away >= at_risk:
        return Stage.LOST if away >= lost else Stage.AT_RISK
    if person.orders >= FAITHFUL:
        return Stage.LOYAL
    return Stage.ACTIVE if person.orders > 1 else Stage.NEW


def days_away(person: Person, now: datetime) -> int | None:
    """Whole days since their last order; 0 for one that is to come."""
    return None if person.last_order_at is None else max((now - person.last_order_at).days, 0)
