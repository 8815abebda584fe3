"""What a flow may ask about the person."""

from __future__ import annotations

from datetime import datetime

from flows.facts import Facts
from flows.late import MISSED_FOR
from flows.questions.rule import Arguments, Rule


def _first(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.orders_before == 0, f"{facts.orders_before} orders before"


def _complaint(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    is_open = facts.open_complaint or any(now - since < MISSED_FOR for since in facts.missed)
    return is_open, "one is open" if is_open else "none is open"


def _reviewed(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Every product that could be reviewed has been: one that has not is still worth asking for."""
    since = _months_before(now, int(arguments["months"]))
    lines = facts.picture.reviewable_lines()
    reviewed = facts.reviewed_products
    recent = [line for line in lines if (at := reviewed.get(line.product_id or "")) and at >= since]
    return bool(lines) and len(recent) == len(lines), f"{len(recent)} of {len(lines)} products"


def _scored(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    score = facts.last_score
    return score is not None and score >= int(arguments["points"]), str(score)


def _months_before(now: datetime, months: int) -> datetime:
    """The same day of the month, or the month's last; a month is a calendar month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in (now.day, 30, 29, 28):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(f"no date {months} months before {now}")


RULES = (
    Rule("is_first_order", "not_first_order", _first, "none before", "at least 1 before"),
    Rule("open_complaint", "no_open_complaint", _complaint, "one is open", "none is open"),
    Rule(
        "reviewed_within",
        "not_reviewed_within",
        _reviewed,
        "all in the last {months} months",
        "not all in the last {months} months",
        (("months", int),),
    ),
    Rule(
        "scored_at_least",
        "scored_below",
        _scored,
        "at least {points}",
        "below {points}",
        (("points", int),),
        sentiment=True,
    ),
)
