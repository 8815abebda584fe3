"""Which provider an address in the settings means. A new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from emails.providers.base import EventSource, Provider
from emails.providers.postmark_events import PostmarkEvents
from emails.providers.resend_events import ResendEvents
from emails.providers.ses_events import SesEvents
from emails.providers.smtp import smtp_provider

PROVIDERS: Mapping[str, Callable[[str], Provider]] = {
    "smtp": smtp_provider,
    "smtps": smtp_provider,
}
EVENT_SOURCES: Mapping[str, EventSource] = {
    "ses": SesEvents(),
    "postmark": PostmarkEvents(),
    "resend": ResendEvents(),
}
"""Vendors that tell by HTTP what became of mails, by the name of their provider."""


def provider_for(url: str) -> Provider:
    """Raises ValueError for a scheme that none of them has, or an address that it does not understand."""
    scheme = urlsplit(url).scheme
    if scheme not in PROVIDERS:
        raise ValueError(f"no mail provider for {scheme or 'an empty'}://; known: {', '.join(PROVIDERS)}")
    return PROVIDERS[scheme](url)
