"""What a mail keeps whatever data it was made from. How it looks is asked of the mails as they are sent
(tests/emails/linting)."""

from __future__ import annotations

import re

from emails.linting.heads import of_heads, of_size, of_text
from emails.linting.links import of_links
from emails.linting.page import page_of
from emails.linting.pictures import of_pictures
from emails.linting.seen import seen
from emails.linting.tags import of_tags
from emails.message import RenderedMail
from flows.facts import MailClass

_RULES = (of_heads, of_tags, of_links, of_pictures, of_text, of_size)
# Languages that are made up for a test say everything in one word.
_OF_OUR_WORDS = ("preheader_repeats",)
_LANGUAGE = re.compile(r'<html lang="([^"]+)"')


def findings(mail: RenderedMail) -> tuple[str, ...]:
    """One line for each thing that is wrong; empty if nothing is."""
    told = _LANGUAGE.search(mail.html)
    looked_at = seen(mail, told[1].replace("-", "_") if told else "", MailClass.TRANSACTIONAL)
    found = (one for rule in _RULES for one in rule(looked_at) if one.rule not in _OF_OUR_WORDS)
    return tuple(dict.fromkeys(one.says for one in found))


def links_of(html: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.attrs.get("href", "") for link in page_of(html).all("a")))
