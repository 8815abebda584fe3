"""What a shopper gets at most, and when not: the merchant's limits over all flows.

Mails about an order itself (transactional) know no limit and count for nothing. Times of day are minutes
after midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flows.facts import MailClass
from flows.quiet import after_quiet_hours, check_quiet_hours

DAY = 24 * 60
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
# Who neither clicked nor ordered for so long gets half.
IDLE = timedelta(days=120)
_FRESH = {
    MailClass.TRANSACTIONAL: "fresh_transactional",
    MailClass.SERVICE: "fresh_service",
    MailClass.MARKETING: "fresh_marketing",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """`gap_hours`: between two marketing mails. `month`: marketing mails in 30 days. `week`: marketing and
    service mails in 7 days. Quiet from and until the same minute: no quiet hours. `quiet_service`: they
    hold for service mails, too. `fresh_*`: how many minutes an order may be unconfirmed when a mail of
    that class leaves (0: however many). `unread_minutes`: so long a transactional mail waits for a store
    that cannot be read; None: until it is too late for it."""

    gap_hours: int = 96
    month: int = 5
    week: int = 3
    quiet_from: int = 21 * 60
    quiet_until: int = 8 * 60
    quiet_service: bool = False
    fresh_transactional: int = 60
    fresh_service: int = 60
    fresh_marketing: int = 60
    unread_minutes: int | None = 10

    def fresh(self, mail_class: MailClass) -> timedelta | None:
        """How long ago the order must have been confirmed at most; None: however long."""
        minutes: int = getattr(self, _FRESH[mail_class])
        return timedelta(minutes=minutes) if minutes else None

    def halved(self) -> Limits:
        """For whoever shows no interest: half of every number, rounded up."""
        return replace(self, month=-(-self.month // 2), week=-(-self.week // 2))

    def is_quiet_for(self, mail_class: MailClass) -> bool:
        """Whether quiet hours hold for such mails at all."""
        if self.quiet_from == self.quiet_until or mail_class is MailClass.TRANSACTIONAL:
            return False
        return mail_class is MailClass.MARKETING or self.quiet_service


USUAL = Limits()
BOUNDS = {
    "gap_hours": (0, 720),
    "month": (1, 60),
    "week": (1, 30),
    "fresh_transactional": (0, 1440),
    "fresh_service": (0, 1440),
    "fresh_marketing": (0, 1440),
    "unread_minutes": (0, 720),
}


def problems(limits: Limits) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of limits that cannot be."""
    for name, (lowest, highest) in BOUNDS.items():
        value = getattr(limits, name)
        if value is not None and not lowest <= value <= highest:
            yield name, f"A whole number from {lowest} to {highest}, please."
    for name in ("quiet_from", "quiet_until"):
        if not 0 <= getattr(limits, name) < DAY:
            yield name, "A time of day, please."
            return
    if limits.quiet_from != limits.quiet_until:
        try:
            check_quiet_hours(clock_at(limits.quiet_from), clock_at(limits.quiet_until))
        except ValueError as error:
            yield "quiet_until", f"Nothing could leave: {error}."


def quiet_until(limits: Limits, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that `instant` lies in, by the clock on the wall; None: in none."""
    if limits.quiet_from == limits.quiet_until:
        return None
    return _quiet_until(limits.quiet_from, limits.quiet_until, instant, zone)


# A batch asks for everybody at one instant, and most live in one zone.
@lru_cache(maxsize=1024)
def _quiet_until(start: int, end: int, instant: datetime, zone: ZoneInfo) -> datetime | None:
    over = after_quiet_hours(instant, zone, clock_at(start), clock_at(end))
    return over if over > instant else None


def clock_at(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
