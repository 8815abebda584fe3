"""Markup cut into tags and text, in time that grows with its length and no faster.

The standard library's parser looks again at the rest of the text for each tag that does not end: 32 kB of
"<a " take it 17 s. Where ours and a browser's would differ does not matter: what it finds is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

# Nothing inside these is for reading.
_SILENT = frozenset(
    (
        *("script", "style", "head", "title", "svg", "math", "template", "object", "iframe", "noscript"),
        *("textarea", "select", "xmp", "noembed", "noframes"),
    )
)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,30})(?=[\s/>])")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s"'<>/=]{1,60})(?:\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'<>=`]+))?""",
)
_END = re.compile(r"[\s/]*>")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Words:
    """As they are read: without references."""

    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Of two attributes with one name the first counts."""

    tag: str
    given: dict[str, str]


@dataclass(frozen=True, slots=True)
class Closed:
    tag: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """`what`: for the merchant."""

    what: str


Token = Words | Opened | Closed | Dropped


def tokens(markup: str) -> Iterator[Token]:
    markup = _UNPRINTABLE.sub("", markup)
    at, end, words = 0, len(markup), 0
    while (at := markup.find("<", at)) >= 0:
        found = _special(markup, at, end) or _tag(markup, at, end)
        if found is None:
            at += 1
            continue
        if at > words:
            yield Words(unescape(markup[words:at]))
        token, at = found
        words = at
        yield token
    if words < end:
        yield Words(unescape(markup[words:]))


def _special(markup: str, at: int, end: int) -> tuple[Token, int] | None:
    """A comment, also one with a condition for Outlook; a declaration; an instruction. One that does not
    end takes the rest with it."""
    if markup.startswith("<!--", at):
        return Dropped("comments"), _behind(markup, "-->", at + 4, end)
    if markup.startswith("<![", at):
        return Dropped("conditions"), _behind(markup, ">", at, end)
    if markup.startswith(("<!", "<?"), at):
        return Dropped("declarations"), _behind(markup, ">", at, end)
    return None


def _tag(markup: str, at: int, end: int) -> tuple[Token, int] | None:
    """None: no tag begins here, or it does not end."""
    named = _NAME.match(markup, at)
    if named is None:
        return None
    tag, place, given = named[1].lower(), named.end(), dict[str, str]()
    while (attribute := _ATTRIBUTE.match(markup, place)) is not None:
        name, value = attribute[1].lower(), attribute[2] or ""
        given.setdefault(name, unescape(value[1:-1] if value[:1] in ("'", '"') else value))
        place = attribute.end()
    closing = _END.match(markup, place)
    if closing is None:
        return None
    if markup[at + 1] == "/":
        return Closed(tag), closing.end()
    if tag in _SILENT:
        return Dropped(f"<{tag}>"), _behind_element(markup, tag, closing.end(), end)
    return Opened(tag, given), closing.end()


def _behind(markup: str, mark: str, at: int, end: int) -> int:
    place = markup.find(mark, at)
    return end if place < 0 else place + len(mark)


def _behind_element(markup: str, tag: str, at: int, end: int) -> int:
    closing = re.compile(rf"</{tag}[^<>]{{0,100}}>", re.IGNORECASE).search(markup, at)
    return end if closing is None else closing.end()
