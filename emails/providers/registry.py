"""Which provider an address in the settings means. A new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from emails.providers.base import Provider
from emails.providers.smtp import smtp_provider

PROVIDERS: Mapping[str, Callable[[str], Provider]] = {
    "smtp": smtp_provider,
    "smtps": smtp_provider,
}


def provider_for(url: str) -> Provider:
    """Raises ValueError for a scheme that none of them has, or an address that it does not understand."""
    scheme = urlsplit(url).scheme
    if scheme not in PROVIDERS:
        raise ValueError(f"no mail provider for {scheme or 'an empty'}://; known: {', '.join(PROVIDERS)}")
    return PROVIDERS[scheme](url)
