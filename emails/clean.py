"""Text that came from outside, made safe to show: in a sentence, a subject, an address, a link.

Markup needs nothing here: the HTML environment escapes it, and the text part prints it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from emails.columns import width

NBSP = "\u00a0"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
# Explicit direction marks from outside could turn the rest of a sentence around.
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_GREETING = 30
_MARKUP = re.compile("[&<>\"']")
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f<>\"'`\\^{|}]")

# Nothing in it that has to be looked at twice.
_PLAIN_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:/[A-Za-z0-9/._~?&=%+,:;@!$*()-]*)?"
)


@lru_cache(maxsize=8192)
def one_line(text: str, limit: int = 160) -> str:
    """Without control characters, breaks and direction marks; at most `limit` characters, shortened
    at a word where one ends late enough. Right-to-left text is isolated from what stands around it."""
    return isolated(shortened(single_spaced(text), limit))


@lru_cache(maxsize=4096)
def short_name(text: str) -> str:
    """A product's, for subjects and headlines: 40 columns of it."""
    return isolated(fitted(single_spaced(text), 40))


def carrier_name(text: str) -> str:
    """As carriers write themselves: plugins store short names as handles ("dhl", "ups")."""
    name = one_line(text, 40)
    return name.upper() if name.islower() and len(name) <= 4 else name


def single_spaced(text: str) -> str:
    """On one line, without what cannot be printed (half a surrogate pair would not even encode)."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (
        " " if _is_break(char) else char
        for char in text
        if char not in _DIRECTION_MARKS and unicodedata.category(char) != "Cs"
    )
    return re.sub(" {2,}", " ", "".join(kept)).strip()


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else _cut(text, limit - 1)


def fitted(text: str, columns: int) -> str:
    """As `shortened`, by how wide letters are: a mailbox shows half as many of China, Japan or Korea."""
    if width(text) <= columns:
        return text
    used = accumulate(map(width, text))
    return _cut(text, next(place for place, wide in enumerate(used) if wide >= columns))


def _cut(text: str, kept: int) -> str:
    cut = text[:kept]
    space = cut.rfind(" ")
    if space > (kept + 1) * 2 // 3:
        cut = cut[:space]
    return cut.rstrip(" ,;:-、，：；（「“") + "…"


def isolated(text: str) -> str:
    if text.isascii():
        return text
    if any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text):
        return f"{_ISOLATE}{text}{_END_ISOLATE}"
    return text


def fenced(text: str) -> str:
    """For a sentence that runs from right to left: whatever stands there keeps its own direction, so that a
    number, an address or a Latin name does not turn around. Markup stays Markup."""
    return text if text.startswith(_ISOLATE) else _ISOLATE + text + _END_ISOLATE


def closed(text: str) -> str:
    """With the end of each isolate that shortening cut off."""
    return text + _END_ISOLATE * (text.count(_ISOLATE) - text.count(_END_ISOLATE))


def greeting_name(first_name: str) -> str:
    """The name to greet with, or "". Long ones and those that carry an address are left out: a sign-up
    form must not make a shop send a stranger's advertising in its own name."""
    name = single_spaced(first_name)
    lowered = name.lower()
    if len(name) > _LONGEST_GREETING or "://" in lowered or "www." in lowered or "@" in lowered:
        return ""
    return isolated(name)


def web_address(url: str | None) -> str | None:
    """The address if it is an absolute http or https one without blanks or quotes, else None."""
    if not url or len(url) > 2000:
        return None
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    if _UNSAFE_IN_ADDRESS.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def picture_address(url: str | None) -> str | None:
    """The address of a picture that mail programs show: over https, or on this machine where somebody tries
    the product out. Else None: a letter stands in its place."""
    address = web_address(url)
    return address if address and (address.startswith("https://") or is_here(address)) else None


def is_here(address: str) -> bool:
    return urlsplit(address).hostname in ("localhost", "127.0.0.1", "::1")


def _is_break(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Zl", "Zp")


def shown(value: object) -> str:
    """As `markupsafe.escape`, but Markup and text without a sign of it, which is most, are not made anew."""
    if type(value) is Markup or (type(value) is str and _MARKUP.search(value) is None):
        return value
    return escape(value)
