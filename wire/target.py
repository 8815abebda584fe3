"""Where a call really goes: only https to a public name on port 443, or a mapped origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from wire.errors import AddressRefused

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PUBLIC_NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_NOT_IN_AN_ADDRESS = re.compile(r"[^\x21-\x7e]|\\")


@dataclass(frozen=True, slots=True)
class Target:
    """`url` is rebuilt from checked parts; `shown` is the address as error texts may name it."""

    url: str
    host: str
    shown: str


def aim(url: str, params: Mapping[str, str] | None, origins: Mapping[str, str]) -> Target:
    """The one place where a typed or stored address turns into something that gets called.

    Raises AddressRefused.
    """
    parts, host, port = _split(url)
    netloc = host if port in (None, 443) else f"{host}:{port}"
    origin = f"https://{netloc}"
    mapped = origins.get(origin)
    if mapped is None and port not in (None, 443):
        raise AddressRefused(f"refused {origin}: only port 443 is called")
    if mapped is None and not is_public_name(host):
        raise AddressRefused("refused an address whose host is not a public name")
    query = "&".join(part for part in (parts.query, urlencode(params or {})) if part)
    path = parts.path or "/"
    return Target(
        url=f"{mapped or origin}{path}" + (f"?{query}" if query else ""),
        host=netloc,
        shown=f"{origin}{path}",
    )


def is_public_name(host: str) -> bool:
    """A lower-case ASCII name with a dot; never an IP address in any spelling, no trailing dot."""
    return len(host) <= 253 and _PUBLIC_NAME.fullmatch(host) is not None


def is_loopback_origin(origin: str) -> bool:
    """What the sandbox's table may point to: plain http on this machine, with a port, no path."""
    return re.fullmatch(r"http://(?:127\.0\.0\.1|\[::1\]):\d{1,5}", origin) is not None


def _split(url: str) -> tuple[SplitResult, str, int | None]:
    # urlsplit silently drops tabs and line feeds and keeps backslashes, so look before it does.
    if _NOT_IN_AN_ADDRESS.search(url):
        raise AddressRefused("refused an address with characters that no address has")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme != "https" or not host:
        raise AddressRefused("refused an address that is not https://name/...")
    if "@" in parts.netloc:
        raise AddressRefused("refused an address that carries a user name")
    return parts, host, port
