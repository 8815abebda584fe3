"""Where links lead."""

from __future__ import annotations

from urllib.parse import urlsplit

# They hide where a link leads, so filters count them as a sign of spam.
SHORTENERS = frozenset(
    (
        *("bit.ly", "bl.ink", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "j.mp", "lnkd.in", "ow.ly", "rb.gy"),
        *("rebrand.ly", "s.id", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "v.gd"),
    )
)


def host_of(address: str) -> str:
    """Lower-case, without port; "" where there is none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
