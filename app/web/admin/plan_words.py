"""What is said of a shop's plan: how much of it is used, until when, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.queries.plan import Usage
from app.web.admin.home_words import counted
from app.words.plans import is_nearly_used, is_used_up
from flows.wallclock import wall_of, zone_named


@dataclass(frozen=True, slots=True)
class Warned:
    title: str
    words: str
    tone: str


def status(usage: Usage, timezone: str) -> str:
    first, after = days(usage, timezone)
    month = f"{first:%B}"
    if usage.plan.orders is None:
        return f"{counted(usage.used, 'order')} got mails in {month}. Your plan has no limit."
    left = max(0, usage.plan.orders - usage.used)
    return (
        f"{usage.used:,} of {counted(usage.plan.orders, 'order')} used in {month}, {left:,} left."
        f" The count begins anew on {after.day} {after:%B}."
    )


def warned(usage: Usage, timezone: str) -> Warned | None:
    """Before the plan is used up, and once it is."""
    _, after = days(usage, timezone)
    new_month = f"{after.day} {after:%B}"
    if is_used_up(usage.plan, usage.used):
        return Warned(
            f"The {usage.plan.orders:,} orders of your plan are used up.",
            f"New orders get no mails until {new_month}, unless you choose a larger plan. Orders that got"
            " mails already get the rest of theirs.",
            "bad",
        )
    if is_nearly_used(usage.plan, usage.used):
        return Warned(
            f"{usage.used:,} of the {usage.plan.orders:,} orders of your plan are used.",
            f"Once all are, new orders get no mails until {new_month}, unless you choose a larger plan.",
            "warn",
        )
    return None


def days(usage: Usage, timezone: str) -> tuple[date, date]:
    """The first day of the month, and of the next."""
    zone = zone_named(timezone)
    return wall_of(usage.month.starts, zone).date(), wall_of(usage.month.ends, zone).date()
