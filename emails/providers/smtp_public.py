"""A provider that somebody else named: a mail server on the public internet, or a vendor that we know.

What a merchant types may not lead into our own network, whatever the name is resolved to and when: the
connection goes to the address that was checked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from emails.message import Envelope
from emails.providers.api import Reach
from emails.providers.base import Provider, Receipt, Repeats
from emails.providers.registry import SMTP, provider_for
from emails.providers.smtp import SmtpCourier, SmtpProvider
from emails.providers.smtp_url import SmtpServer, server_of
from wire.addresses import public_address
from wire.target import is_public_name
from wire.watch import at_most, talking_through

PORTS = (25, 465, 587, 2525)
LONGEST = 15.0
"""Seconds that such a server may take for anything: one that answers letter by letter would hold everybody's
mails."""


class BoundedCourier:
    """Cut when the time is up; a mail whose answer was due then is in doubt like any other."""

    def __init__(self, courier: SmtpCourier) -> None:
        self._courier = courier

    def prepare(self, envelope: Envelope) -> None:
        with at_most(LONGEST):
            talking_through(self._courier.line)
            self._courier.prepare(envelope)

    def hand_over(self) -> Receipt:
        with at_most(LONGEST):
            talking_through(self._courier.line)
            return self._courier.hand_over()

    def drop(self) -> None:
        with at_most(LONGEST):
            talking_through(self._courier.line)
            self._courier.drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._courier.leave()


@dataclass(frozen=True, slots=True)
class ShopsSmtp:
    server: SmtpServer
    name: str = "smtp"
    idempotent: bool = False
    repeats: Repeats = Repeats.NONE

    def connect(self) -> BoundedCourier:
        return BoundedCourier(SmtpCourier(self.server))

    def check(self) -> None:
        """As far as the login. Raises SendFailed."""
        with at_most(LONGEST):
            SmtpProvider(self.server).check()


def shops_provider(url: str, reach: Reach) -> Provider:
    """Raises ValueError for what is no provider, and for a mail server that may not be called. Only a sandbox
    has addresses of this machine, and may call them."""
    if urlsplit(url).scheme not in SMTP:
        return provider_for(url, reach)
    server = server_of(url)
    if reach.http.origins:
        return ShopsSmtp(server)
    if server.port not in PORTS:
        raise ValueError(f"a mail server is called on port {', '.join(map(str, PORTS[:-1]))} or {PORTS[-1]}")
    if not is_public_name(server.host):
        raise ValueError("a mail server is named by its public name")
    if not server.user:
        # One that takes mail from us without a login may be our own, which knows us by our address.
        raise ValueError("a mail server is called with a user and a password")
    return ShopsSmtp(replace(server, address_of=public_address))
