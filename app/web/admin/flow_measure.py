"""A flow's own goal as a figure: the share, its count, the period before, the target with chance's range."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from app.queries.flow_figures import Figures, Periods
from app.web.admin.flow_words import share
from flows.events import EventKind
from flows.flow import Flow

# Per cent of the people asked, by flow: what a good shop reaches.
TARGETS = {"review_request": (15, 25)}
_WIDEST = 40
# 95 % of the time the true share lies in Wilson's interval.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Bar:
    """In per cent of its width: the target band, the range that chance allows, and where we are."""

    low: float
    high: float
    least: float
    most: float
    dot: float
    scale: int


@dataclass(frozen=True, slots=True)
class Measure:
    """`tone` is "bad" only where chance no longer explains it."""

    share: str
    name: str
    count: str
    before: str
    before_count: str
    mails: int
    bar: Bar | None = None
    verdict: str = ""
    tone: str = ""


def measure(flow: Flow, periods: Periods) -> Measure | None:
    """None: no mail of it has left in 30 days, so there is nothing to say."""
    now = periods.now
    if not now.people:
        return None
    reviews = flow.goal is EventKind.REVIEW_SUBMITTED
    reached, before = _reached(now, reviews), _reached(periods.before, reviews)
    made = Measure(
        share=share(reached, now.people),
        name="Reviewed" if reviews else "Clicked",
        count=f"{reached:,} of {now.people:,}{' asked' if reviews else ''}",
        before=share(before, periods.before.people) if periods.before.people else "",
        before_count=f"{before:,} of {periods.before.people:,}" if periods.before.people else "",
        mails=now.mails,
    )
    target = TARGETS.get(flow.key)
    return made if target is None else _against(made, reached, now.people, *target)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The range of shares, 0 to 1, that chance allows around `part` of `whole`."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, _Z * _Z
    middle = share + z2 / (2 * whole)
    reach = _Z * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(0.0, (middle - reach) / (1 + z2 / whole)), min(1.0, (middle + reach) / (1 + z2 / whole))


def _reached(figures: Figures, reviews: bool) -> int:
    return figures.reviewed if reviews else figures.clicked


def _against(made: Measure, part: int, whole: int, low: int, high: int) -> Measure:
    percent = 100 * part / whole
    least, most = (100 * edge for edge in wilson(part, whole))
    scale = _WIDEST if percent <= _WIDEST else 100
    verdict, tone = f"In target {low} to {high} %", ""
    if percent < low:
        surely = most < low
        verdict = f"Below target {low} to {high} %" + ("" if surely else "; chance could explain it")
        tone = "bad" if surely else ""
    elif percent > high:
        verdict = f"Above target {low} to {high} %"
    low_at, high_at, least_at, most_at, dot = (
        round(min(100.0, 100 * value / scale), 1) for value in (low, high, least, most, percent)
    )
    return replace(made, bar=Bar(low_at, high_at, least_at, most_at, dot, scale), verdict=verdict, tone=tone)
