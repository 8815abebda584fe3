"""Which mail addresses we accept, in one normal form."""

from __future__ import annotations

import re
from functools import lru_cache

import idna

LONGEST = 254  # RFC 5321 4.5.3.1.3: a path of 256 octets less its angle brackets
_LONGEST_LOCAL = 64

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def valid_address(text: str | None) -> str | None:
    """The address with its domain lower-cased and in ASCII, or None if no mail can reach it.

    Quoted and non-ASCII local parts are refused: few servers take them, and no shop sends them.
    """
    if text is None:
        return None
    local, at, domain = text.strip(" \t").partition("@")
    if not at or "@" in domain or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    ascii_domain = _domain_in_ascii(domain)
    if ascii_domain is None or len(local) + 1 + len(ascii_domain) > LONGEST:
        return None
    return f"{local}@{ascii_domain}"


def one_spelling(text: str | None) -> str:
    """An address as people are told apart by it, however a store writes it; what is no address, as it is."""
    return (valid_address(text) or (text or "").strip()).lower()


# People have the same few domains.
@lru_cache(maxsize=4096)
def _domain_in_ascii(domain: str) -> str | None:
    if not domain or len(domain) > LONGEST:
        return None
    try:
        lowered = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
    labels = lowered.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return None
    return lowered
