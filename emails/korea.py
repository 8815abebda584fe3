"""What Korean law asks of advertising by mail.

Act on Promotion of Information and Communications Network Utilization and Information Protection, article 50
paragraph 4, with article 61 and annex 6 of its Enforcement Decree: the subject begins with "(광고)", spelled
just so; the mail names its sender with e-mail address, telephone number and postal address; and how to refuse
further mails stands in it in Korean and in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from emails.clean import closed, fitted
from emails.i18n import FALLBACK, language_of, nearest, sentences
from emails.message import MailContext, RenderedMail

MARK = "(광고)"
KOREA, KOREAN = "KR", "ko"
_LONGEST_SUBJECT = 78
_LEAVE = "footer.unsubscribe"
_REFUSE = "수신거부"


def is_read_in_korea(context: MailContext) -> bool:
    """The reader lives there, or is written to in Korean by a shop of the country."""
    home = context.picture.home
    lives_there = home is not None and home.country.strip().upper() == KOREA
    from_there = context.brand.country.strip().upper() == KOREA
    return lives_there or (from_there and _language(context) == KOREAN)


def with_two_ways_out(context: MailContext) -> MailContext:
    """The same mail, whose link for leaving says so in Korean and in English."""
    language = _language(context)
    ours, korean = sentences(language)[_LEAVE], sentences(KOREAN)[_LEAVE]
    both = {KOREAN: korean, FALLBACK: f"{ours} / {_REFUSE}"}.get(language, f"{ours} / {korean}")
    own: Mapping[str, str] = {**context.own_words.get(language, {}), _LEAVE: str(both)}
    return replace(context, own_words={**context.own_words, language: own})


def as_advertising(mail: RenderedMail) -> RenderedMail:
    """With the mark in front; what is then too long loses its end, never the mark."""
    subject = mail.subject.removeprefix(MARK).lstrip()
    return replace(mail, subject=closed(fitted(f"{MARK} {subject}", _LONGEST_SUBJECT)))


def _language(context: MailContext) -> str:
    return language_of(nearest(context.locale))
