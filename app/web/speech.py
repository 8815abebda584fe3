"""How one page speaks: its words, and days as people say them, in the shop's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel import Locale
from babel.dates import format_date, format_time

from emails import dates
from emails.i18n import Texts

_WEEK = 6


@dataclass(frozen=True, slots=True)
class Speech:
    words: Texts
    zone: tzinfo
    now: datetime

    @property
    def locale(self) -> Locale:
        return self.words.locale

    def date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def day(self, instant: datetime) -> str:
        """ "Tuesday, November 24" """
        return dates.day(instant, self.zone, self.locale)

    def short_day(self, instant: datetime) -> str:
        return dates.short_day(instant, self.zone, self.locale)

    def year_day(self, instant: datetime) -> str:
        """ "November 24, 2026": for what stays for years."""
        return str(format_date(self.date(instant), "long", locale=self.locale)).replace(" ", "\u00a0")

    def near(self, instant: datetime) -> str:
        """ "today", "tomorrow", "Tuesday" within the week, else the whole day."""
        ahead = (self.date(instant) - self.date(self.now)).days
        if ahead == 0:
            return self.words("page.day.today")
        if ahead == 1:
            return self.words("page.day.tomorrow")
        if 1 < ahead <= _WEEK:
            return str(format_date(self.date(instant), "EEEE", locale=self.locale))
        return self.day(instant)

    def time(self, instant: datetime) -> str:
        told = format_time(instant.astimezone(self.zone), "short", locale=self.locale)
        return str(told).replace(" ", "\u00a0").replace("\u202f", "\u00a0")

    def moment(self, instant: datetime) -> str:
        """ "Today, 6:40", or the day with the time."""
        behind = self.date(self.now) - self.date(instant)
        if behind == timedelta(0):
            return self.words("page.moment.today", time=self.time(instant))
        if behind == timedelta(days=1):
            return self.words("page.moment.yesterday", time=self.time(instant))
        return self.words("page.moment.day", day=self.day(instant), time=self.time(instant))
