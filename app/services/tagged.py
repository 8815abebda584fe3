"""Links that tell the shop's own statistics which mail somebody came from."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlsplit

SOURCE, MEDIUM = "doorstep", "email"
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?=/|$)")


def tagged(url: str, hosts: Collection[str], flow_key: str, step: str) -> str:
    """With utm_source, utm_medium, utm_campaign and utm_content behind what it asked already; what the
    merchant has set stays. A link that leads elsewhere is as it was: its owner may have signed it, and reads
    no marks."""
    plain = _PLAIN_HOST.match(url)
    if plain is not None and plain[1] not in hosts:
        return url
    return _tagged(url, frozenset(hosts), flow_key, step)


# A shop's pages are linked from many mails.
@lru_cache(maxsize=4096)
def _tagged(url: str, hosts: frozenset[str], flow_key: str, step: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or host not in hosts:
        return url
    known = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    marks = (
        ("utm_source", SOURCE),
        ("utm_medium", MEDIUM),
        ("utm_campaign", flow_key),
        ("utm_content", step),
    )
    added = "&".join(f"{name}={quote(value)}" for name, value in marks if name not in known)
    # The rest stays letter by letter: a cart's link may mean something by its commas and colons.
    query = "&".join(part for part in (parts.query, added) if part)
    return parts._replace(query=query).geturl()


@lru_cache(maxsize=4096)
def hosts_of(*addresses: str) -> frozenset[str]:
    """Of addresses or bare names; with and without "www"."""
    found: set[str] = set()
    for address in addresses:
        try:
            host = (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
        except ValueError:
            continue
        bare = host.removeprefix("www.")
        found |= {bare, f"www.{bare}"} if bare else set()
    return frozenset(found)
