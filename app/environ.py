"""Settings that need more than one look. What is wrong with them is added to `problems`, one sentence each,
without a value that may be secret."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from emails.dkim import DkimKey, keys_of
from emails.inbound.mailbox import problem_with

Environ = Mapping[str, str]

_SERVER = re.compile(r"^[0-9a-fA-F.:]{2,45}:[0-9]{1,5}$")
_EVENTS = "EVENTS_"


def dns_servers(environ: Environ, problems: list[str]) -> tuple[str, ...]:
    servers = _listed(environ, "DNS_SERVERS")
    if not all(_SERVER.match(one) for one in servers):
        problems.append("DNS_SERVERS must be addresses with ports, like 127.0.0.1:53.")
    return servers


def dkim(environ: Environ, problems: list[str]) -> tuple[DkimKey, ...]:
    """What mails from our own domain are signed with."""
    pems, names = environ.get("DKIM_KEY", "").strip(), list(_listed(environ, "DKIM_SELECTOR"))
    if not pems and not names:
        return ()
    try:
        return keys_of(environ.get("MAIL_FROM_DOMAIN", "").strip().lower(), pems, names)
    except ValueError as wrong:
        problems.append(f"DKIM_KEY and DKIM_SELECTOR do not go together: {wrong}.")
        return ()


def event_secrets(environ: Environ) -> dict[str, tuple[str, ...]]:
    """EVENTS_RESEND=whsec_..., one variable for each vendor."""
    found = {}
    for name in sorted(environ):
        secrets = _listed(environ, name) if name.startswith(_EVENTS) else ()
        if secrets:
            found[name.removeprefix(_EVENTS).lower()] = secrets
    return found


def bounce_mailbox(environ: Environ, problems: list[str]) -> str:
    value = environ.get("BOUNCE_MAILBOX", "").strip()
    problem = problem_with(value) if value else None
    if problem is not None:
        problems.append(f"BOUNCE_MAILBOX cannot be used: {problem}.")
    return value


def encryption_keys(text: str, problems: list[str]) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    for place, key in enumerate(keys, 1):
        if not _is_fernet_key(key):
            problems.append(
                f"DOORSTEP_ENCRYPTION_KEYS: key {place} is no Fernet key (32 bytes in URL-safe base64)."
            )
    return keys


def _listed(environ: Environ, name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in environ.get(name, "").split(",") if one.strip())


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False
