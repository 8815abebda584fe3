"""What every mail of ours must keep, whatever data it was made from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from emails.clean import web_address
from emails.columns import COLUMNS, width
from emails.message import RenderedMail

LARGEST_HTML = 102_000  # Gmail cuts off what is longer
LONGEST_SUBJECT = 78  # columns, like the next: a letter of China, Japan or Korea takes two
PREHEADER = range(40, 91)

_VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_FORBIDDEN = frozenset(("script", "iframe", "form", "link", "object", "embed", "base", "svg", "video"))
_LOADS = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)


def findings(mail: RenderedMail) -> tuple[str, ...]:
    """One line for each thing that is wrong; empty if nothing is."""
    page = _read(mail.html)
    return (*page.problems, *_unlinked(page, mail.text), *_wide_lines(mail.text), *_sizes(mail))


def links_of(html: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_read(html).links))


def _unlinked(page: _Page, text: str) -> list[str]:
    lines = text.split()
    return [f"link only in the HTML part: {link}" for link in page.links if link not in lines]


def _wide_lines(text: str) -> list[str]:
    return [
        f"text line of {width(line)} columns: {line}"
        for line in text.splitlines()
        if width(line) > COLUMNS and "://" not in line
    ]


def _sizes(mail: RenderedMail) -> list[str]:
    wrong = []
    if len(mail.html.encode()) > LARGEST_HTML:
        wrong.append(f"HTML part of {len(mail.html.encode())} bytes")
    if not 0 < width(mail.subject) <= LONGEST_SUBJECT:
        wrong.append(f"subject of {width(mail.subject)} columns")
    if width(mail.preheader) not in PREHEADER:
        wrong.append(f"preheader of {width(mail.preheader)} columns")
    if mail.preheader == mail.subject:
        wrong.append("preheader repeats the subject")
    return wrong


@dataclass
class _Page:
    links: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def _read(html: str) -> _Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.problems.extend(f"<{tag}> is not closed" for tag in reader.open)
    if reader.headings != 1:
        reader.page.problems.append(f"{reader.headings} main headings")
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = _Page()
        self.open: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            self.open.append(tag)
        self.headings += tag == "h1"
        if tag in _FORBIDDEN:
            self.page.problems.append(f"<{tag}>")
        if tag == "img" and not (given.get("alt") is not None and given.get("width")):
            self.page.problems.append("picture without alt or width")
        self.page.problems.extend(f"attribute {name}" for name in given if name.startswith("on"))
        self._check_addresses(tag, given)

    def _check_addresses(self, tag: str, given: dict[str, str | None]) -> None:
        for name in ("href", "src", "background"):
            if name in given and web_address(given[name]) is None:
                self.page.problems.append(f"{name} is no web address: {given[name]}")
        if tag == "a":
            self.page.links.append(given.get("href") or "")
        if _LOADS.search(given.get("style") or ""):
            self.page.problems.append("style that loads something")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.problems.append(f"</{tag}> out of place")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style" and _LOADS.search(data):
            self.page.problems.append("style sheet that loads something")
