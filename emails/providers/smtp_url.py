"""How a mail server is named: `smtp://user:password@host:587` or `smtps://host`."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

STARTTLS = ("offered", "always", "never")
_OPTIONS = frozenset(("starttls", "connect_seconds", "command_seconds", "answer_seconds"))


def as_named(host: str) -> str:
    return host


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`tls`: encrypted from the first byte. `starttls`: "offered" uses it where the server has it.
    `answer_seconds`: how long to wait for the answer to a whole mail (RFC 5321 4.5.3.2.6). `address_of`: what
    a host's name is connected to; the certificate is that of the name. It may raise WireError."""

    host: str
    port: int
    tls: bool = False
    starttls: str = "offered"
    user: str = ""
    password: str = field(default="", repr=False)
    connect_seconds: float = 10.0
    command_seconds: float = 30.0
    answer_seconds: float = 600.0
    address_of: Callable[[str], str] = field(default=as_named, repr=False, compare=False)


def server_of(url: str) -> SmtpServer:
    """`?starttls=always|never` and `?answer_seconds=120` change the defaults. With a password and a
    server on another machine STARTTLS is required. Raises ValueError that says what is wrong."""
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("a mail server is named like smtp://user:password@host:587 or smtps://host")
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = sorted(given.keys() - _OPTIONS)
    if unknown:
        raise ValueError(f"unknown option in the mail server's address: {', '.join(unknown)}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise ValueError("the mail server's user and password must be ASCII")
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or (465 if tls else 587 if user else 25),
        tls=tls,
        starttls=_starttls(given.get("starttls", ""), parts.hostname, secret=bool(user) and not tls),
        user=user,
        password=password,
        connect_seconds=float(given.get("connect_seconds", 10)),
        command_seconds=float(given.get("command_seconds", 30)),
        answer_seconds=float(given.get("answer_seconds", 600)),
    )


def _starttls(chosen: str, host: str, *, secret: bool) -> str:
    must = secret and not _is_this_machine(host)
    if chosen and chosen not in STARTTLS:
        raise ValueError(f"starttls is one of {', '.join(STARTTLS)}, not {chosen}")
    if must and chosen == "never":
        raise ValueError("a password is never sent to another machine without TLS")
    return "always" if must else chosen or "offered"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
