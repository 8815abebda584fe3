"""When something is used up: the merchant's word, else the person's own rhythm, else that of all buyers of
the product, else a rule of thumb for its kind.

Nobody uses five pounds of coffee five times as slowly as one: days grow with the pieces by a power below
one, so that one pound for three weeks makes ten weeks of five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import mean, pstdev

from flows.estimates import Estimate
from flows.kinds import ONE_PORTION, ProductKind

SHORTEST, LONGEST = 14, 730
"""Days: nobody is reminded sooner, and two years are for ever."""
STEADY_ORDERS, STEADY_SPREAD = 3, 0.35
"""Orders of a product that make a rhythm, and how far their distances may vary (deviation over mean)."""
ENOUGH_BUYERS = 8
UNKNOWN_KIND = 60
_REMEMBERED = 6
_GROWTH = 0.75


@dataclass(frozen=True, slots=True)
class Bought:
    """Somebody's order of a product."""

    at: datetime
    quantity: int


@dataclass(frozen=True, slots=True)
class Habit:
    """What all buyers of a product do: the middle of the days from their first to their second order of it
    with its quartiles, how many buyers that is, and the middle of the pieces of their first order."""

    days: int | None = None
    early: int | None = None
    late: int | None = None
    samples: int = 0
    quantity: int = 1


NO_HABIT = Habit()


def run_out(
    product_id: str,
    kind: ProductKind,
    bought: Bought,
    here_at: datetime,
    own: Sequence[Bought] = (),
    habit: Habit = NO_HABIT,
) -> Estimate:
    """`here_at`: when it was delivered, or is expected to be. `own`: all of the person's orders of the
    product up to this one. Rhythms count from order to order, how long something lasts from its arrival."""
    pieces = max(bought.quantity, 1)
    if kind.lasts_days is not None:
        return _estimate(product_id, "merchant", here_at, kind.lasts_days * pieces)
    steady = _own_rhythm([*(one for one in own if one.at < bought.at), bought])
    if steady is not None:
        portion, spread, samples = steady
        days = portion * _portions(pieces)
        return _estimate(product_id, "personal_cycle", bought.at, days, samples, 1 - spread, 1 + spread)
    if habit.days and habit.samples >= ENOUGH_BUYERS:
        days = habit.days * _portions(pieces) / _portions(habit.quantity)
        early, late = (habit.early or habit.days) / habit.days, (habit.late or habit.days) / habit.days
        return _estimate(product_id, "product_interval", bought.at, days, habit.samples, early, late)
    days = (kind.usual_days or UNKNOWN_KIND) * _portions(pieces * kind.pack / ONE_PORTION)
    return _estimate(product_id, "fallback", here_at, days, 0, 2 / 3, 3 / 2)


def _own_rhythm(orders: Sequence[Bought]) -> tuple[float, float, int] | None:
    """(days that one portion lasts, how far they vary, orders), where they are steady. Orders of one day
    are one order."""
    by_day: dict[object, Bought] = {}
    for one in sorted(orders, key=lambda one: one.at):
        held = by_day.get(one.at.date())
        by_day[one.at.date()] = one if held is None else Bought(held.at, held.quantity + one.quantity)
    days = list(by_day.values())[-_REMEMBERED:]
    if len(days) < STEADY_ORDERS:
        return None
    lasted = [(two.at - one.at) / timedelta(days=1) / _portions(one.quantity) for one, two in pairwise(days)]
    spread = pstdev(lasted) / mean(lasted)
    return (mean(lasted), spread, len(days)) if spread <= STEADY_SPREAD else None


def _portions(pieces: float) -> float:
    return float(max(pieces, 0.01) ** _GROWTH)


def _estimate(
    product_id: str,
    source: str,
    since: datetime,
    days: float,
    samples: int = 0,
    early: float = 1.0,
    late: float = 1.0,
) -> Estimate:
    whole = min(max(round(days), SHORTEST), LONGEST)
    return Estimate(
        at=since + timedelta(days=whole),
        source=source,
        samples=samples,
        earliest=since + timedelta(days=max(round(whole * early), SHORTEST)),
        latest=since + timedelta(days=min(max(round(whole * late), whole), LONGEST)),
        subject=product_id,
    )
