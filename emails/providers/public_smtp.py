"""A provider that somebody else named: a mail server on the public internet, or a vendor that we know.

What a merchant types may not lead into our own network, whatever the name is resolved to and when: the
connection goes to the address that was checked.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from emails.providers.api import Reach
from emails.providers.base import Provider
from emails.providers.registry import SMTP, provider_for
from emails.providers.smtp import SmtpProvider
from emails.providers.smtp_url import server_of
from wire.addresses import public_address
from wire.target import is_public_name

PORTS = (25, 465, 587, 2525)


def shops_provider(url: str, reach: Reach) -> Provider:
    """Raises ValueError for what is no provider, and for a mail server that may not be called. Only a sandbox
    has addresses of this machine, and may call them."""
    if urlsplit(url).scheme not in SMTP:
        return provider_for(url, reach)
    server = server_of(url)
    if reach.http.origins:
        return SmtpProvider(server)
    if server.port not in PORTS:
        raise ValueError(f"a mail server is called on port {', '.join(map(str, PORTS[:-1]))} or {PORTS[-1]}")
    if not is_public_name(server.host):
        raise ValueError("a mail server is named by its public name")
    return SmtpProvider(replace(server, address_of=public_address))
