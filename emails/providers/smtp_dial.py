"""An open, greeted, encrypted and logged-in connection to a mail server."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Any

from emails.providers.base import SendFailed
from emails.providers.smtp_answers import Stage, broken, refusal
from emails.providers.smtp_url import SmtpServer
from wire.errors import WireError
from wire.watch import talking_through


def dial(server: SmtpServer) -> smtplib.SMTP:
    """Raises SendFailed, never permanent: no mail is to blame for its server."""
    client: smtplib.SMTP | None = None
    try:
        client = _connected(server)
        client.ehlo_or_helo_if_needed()
        if not server.tls and _wants_starttls(server, client):
            client.starttls(context=ssl.create_default_context())
            talking_through(client.sock)
            client.ehlo_or_helo_if_needed()
        if server.user:
            client.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as error:
        if client is not None:
            client.close()
        raise _failure(error) from error
    except WireError as refused:
        raise SendFailed("no_connection", answer=str(refused)) from refused
    be_patient(client, server.command_seconds)
    return client


def be_patient(client: smtplib.SMTP, seconds: float) -> None:
    """How long each answer may take from here on."""
    if client.sock is not None:
        client.sock.settimeout(seconds)


class _Pinned(smtplib.SMTP):
    """Connects to the address that was looked up and checked, under the name that was given."""

    def __init__(self, address_of: Callable[[str], str], host: str, port: int, **rest: Any) -> None:
        self._address_of = address_of
        super().__init__(host, port, **rest)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        # The one place where smtplib lets a connection be made otherwise; typeshed leaves it out.
        found: socket.socket = super()._get_socket(self._address_of(host), port, timeout)  # type: ignore[misc]
        talking_through(found)
        return found


class _PinnedTls(smtplib.SMTP_SSL):
    """The same, encrypted from the first byte; the certificate is checked against the name."""

    def __init__(self, address_of: Callable[[str], str], host: str, port: int, **rest: Any) -> None:
        self._address_of = address_of
        super().__init__(host, port, **rest)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        # The one place where smtplib lets a connection be made otherwise; typeshed leaves it out.
        found: socket.socket = super()._get_socket(self._address_of(host), port, timeout)  # type: ignore[misc]
        talking_through(found)
        return found


def _connected(server: SmtpServer) -> smtplib.SMTP:
    own_name = _own_name()
    client: smtplib.SMTP
    if server.tls:
        client = _PinnedTls(
            server.address_of,
            server.host,
            server.port,
            local_hostname=own_name,
            timeout=server.connect_seconds,
            context=ssl.create_default_context(),
        )
    else:
        client = _Pinned(
            server.address_of,
            server.host,
            server.port,
            local_hostname=own_name,
            timeout=server.connect_seconds,
        )
    if client.sock is not None:
        # The final dot is a small packet of its own: it must not wait for the body's acknowledgement.
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def _wants_starttls(server: SmtpServer, client: smtplib.SMTP) -> bool:
    return server.starttls == "always" or (server.starttls == "offered" and client.has_extn("starttls"))


def _own_name() -> str:
    """Without asking DNS, which may take long; servers accept an address literal (RFC 5321 4.1.3)."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _failure(error: OSError | smtplib.SMTPException) -> SendFailed:
    if isinstance(error, ssl.SSLError):
        return SendFailed("tls_failed", answer=str(error)[:300])
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return SendFailed("not_offered", answer=str(error)[:300])
    if isinstance(error, smtplib.SMTPResponseException):
        stage = Stage.LOGIN if isinstance(error, smtplib.SMTPAuthenticationError) else Stage.CONNECT
        return refusal(stage, error.smtp_code, error.smtp_error)
    return broken(Stage.CONNECT)
