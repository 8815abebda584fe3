"""How one mail speaks: its words, prices and days, in the reader's locale and the shop's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel import Locale

from emails import dates, money
from emails.clean import greeting_name, one_line, single_spaced
from emails.i18n import Texts, nearest
from emails.message import MailContext
from emails.names import called


@dataclass(frozen=True, slots=True)
class Voice:
    words: Texts
    zone: tzinfo
    currency: str

    @property
    def locale(self) -> Locale:
        return self.words.locale

    def money(self, minor: int) -> str:
        return money.money(minor, self.currency, self.locale)

    def day(self, instant: datetime) -> str:
        return dates.day(instant, self.zone, self.locale)

    def short_day(self, instant: datetime) -> str:
        return dates.short_day(instant, self.zone, self.locale)


def voice_for(context: MailContext, locale: str) -> Voice:
    return Voice(
        words=Texts(
            nearest(locale),
            markup=False,
            own=context.own_words,
            tone=context.brand.tone,
            second=context.second_subject,
        ),
        zone=dates.zone_named(context.timezone),
        currency=context.picture.order.currency,
    )


def greeted(context: MailContext, voice: Voice) -> str:
    """The reader's name as the language uses it, or "" where none is known or fit to print."""
    first, last = single_spaced(context.first_name), single_spaced(context.picture.order.last_name)
    if not first:
        return ""
    return greeting_name(called(first, last, voice.words)) or greeting_name(called(first, "", voice.words))


def method_name(text: str) -> str:
    """A payment or shipping method for reading; "" for a platform's internal handle ("manual_2")."""
    name = one_line(text, 60)
    is_handle = name.islower() and name.isascii() and " " not in name
    return "" if is_handle else name
