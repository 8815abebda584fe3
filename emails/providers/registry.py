"""Which provider an address in the settings means. A new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from emails.providers.api import Reach
from emails.providers.base import EventSource, Provider, Repeats
from emails.providers.postmark import postmark_provider
from emails.providers.postmark_events import PostmarkEvents
from emails.providers.resend import resend_provider
from emails.providers.resend_events import ResendEvents
from emails.providers.ses import ses_provider
from emails.providers.ses_events import SesEvents
from emails.providers.smtp import smtp_provider

SMTP: Mapping[str, Callable[[str], Provider]] = {
    "smtp": smtp_provider,
    "smtps": smtp_provider,
}
APIS: Mapping[str, Callable[[str, Reach], Provider]] = {
    "ses": ses_provider,
    "postmark": postmark_provider,
    "resend": resend_provider,
}
PROVIDERS = (*SMTP, *APIS)
REPEATS: Mapping[str, Repeats] = {
    "smtp": Repeats.NONE,
    "ses": Repeats.NONE,
    "postmark": Repeats.QUERY,
    "resend": Repeats.IDEMPOTENT,
}
"""By the name of the provider, for rows that wait for nobody's connection."""
EVENT_SOURCES: Mapping[str, EventSource] = {
    "ses": SesEvents(),
    "postmark": PostmarkEvents(),
    "resend": ResendEvents(),
}
"""Vendors that tell by HTTP what became of mails, by the name of their provider."""


def provider_for(url: str, reach: Reach | None = None) -> Provider:
    """`reach`: how vendors are called that are no mail servers. Raises ValueError for a scheme that none of
    them has, or an address that it does not understand."""
    scheme = urlsplit(url).scheme
    if scheme in SMTP:
        return SMTP[scheme](url)
    if scheme not in APIS:
        raise ValueError(f"no mail provider for {scheme or 'an empty'}://; known: {', '.join(PROVIDERS)}")
    if reach is None:
        raise ValueError(f"{scheme}:// is called over HTTP, and nothing says how")
    return APIS[scheme](url, reach)
