"""Everything that is wrong with a finished mail, as its readers would see it; none: it may be sent."""

from __future__ import annotations

from emails.linting.finding import Finding
from emails.linting.heads import of_heads, of_size, of_text
from emails.linting.letters import of_letters
from emails.linting.links import of_leaving, of_links
from emails.linting.pictures import of_pictures
from emails.linting.seen import seen
from emails.linting.support import of_support
from emails.linting.tags import of_tags
from emails.linting.targets import of_targets, of_width
from emails.linting.translated import of_words
from emails.message import RenderedMail
from flows.facts import MailClass

RULES = (
    *(of_heads, of_words, of_tags, of_letters, of_targets, of_width),
    *(of_pictures, of_links, of_leaving, of_support, of_text, of_size),
)


def findings(mail: RenderedMail, *, language: str, mail_class: MailClass) -> tuple[Finding, ...]:
    """Each once. `language`: that of the catalogue, as emails.i18n.language_of says."""
    looked_at = seen(mail, language, mail_class)
    return tuple(dict.fromkeys(found for rule in RULES for found in rule(looked_at)))
