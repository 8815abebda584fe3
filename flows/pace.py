"""How often a person wants to hear from a shop: what they chose themselves, beside the shop's own limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.facts import MailClass

# Days between two offers that a person may choose; 0: as they come.
OFFER_DAYS = (0, 14, 30)
BREAK_DAYS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Pace:
    """`offer_days`: between two offers at least. `break_until`: nothing but mails about orders before it."""

    offer_days: int = 0
    break_until: datetime | None = None

    def earliest(self, mail_class: MailClass, offers: Iterable[datetime], at: datetime) -> datetime:
        """The first instant from `at` on at which the person wants it. `offers`: when others leave."""
        ends = [at]
        if mail_class is not MailClass.TRANSACTIONAL and self.break_until is not None:
            ends.append(self.break_until)
        if mail_class is MailClass.MARKETING and self.offer_days:
            gap = timedelta(days=self.offer_days)
            ends.extend(offer + gap for offer in offers if abs(offer - at) < gap)
        return max(ends)

    def in_words(self, mail_class: MailClass) -> str:
        """What the person asked for, for the reason of a mail that waits for it."""
        if mail_class is MailClass.MARKETING and self.offer_days:
            return f"one offer in {self.offer_days} days, as they chose"
        return "no break, which they may take"


AS_THEY_COME = Pace()
