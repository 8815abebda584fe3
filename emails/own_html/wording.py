"""A clean block as words: for the text part of the mail, in its 72 columns."""

from __future__ import annotations

import re

from emails import columns
from emails.own_html.tokens import Closed, Opened, Words, tokens

_PARAGRAPHS = frozenset(("p", "h2", "h3", "h4", "div", "table", "tr", "hr"))
_LISTS = frozenset(("ul", "ol"))
_BLANKS = re.compile(r"[ \t\r\n]+")  # not the one that keeps two words together


def text_of(html: str) -> str:
    """Every address on a line of its own, points behind dashes or numbers, pictures by their words."""
    writer = _Writer()
    for token in tokens(html):
        match token:
            case Words(text):
                writer.line += text
            case Opened(tag, given):
                writer.begin(tag, given)
            case Closed(tag):
                writer.end(tag)
            case _:
                pass
    writer.finish()
    return columns.tidy("\n".join(writer.out)).strip("\n")


class _Writer:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.line = ""
        self.indent = ""
        self.counts: list[int | None] = []
        self.hrefs: list[str] = []
        self.waiting: list[str] = []

    def begin(self, tag: str, given: dict[str, str]) -> None:
        if tag in _PARAGRAPHS or tag in _LISTS:
            self.finish()
            self.apart()
            self.counts += [0 if tag == "ol" else None] if tag in _LISTS else []
        elif tag == "li":
            self.finish()
            self.indent = self.mark()
        elif tag == "br":
            self.finish()
        elif tag in ("td", "th"):
            self.line += "  " if self.line.strip() else ""
        elif tag == "img" and given.get("alt"):
            self.line += f" [{given['alt']}] "
        elif tag == "a":
            self.hrefs.append(given.get("href", ""))

    def end(self, tag: str) -> None:
        if tag == "a":
            if self.hrefs and (href := self.hrefs.pop()):
                self.waiting.append(href.removeprefix("mailto:").removeprefix("tel:"))
        elif tag == "li":
            self.finish()
        elif tag in _LISTS:
            self.finish()
            self.counts = self.counts[:-1]
            self.apart()
        elif tag in _PARAGRAPHS:
            self.finish()
            if tag != "tr":
                self.apart()

    def mark(self) -> str:
        if not self.counts or self.counts[-1] is None:
            return "- "
        self.counts[-1] += 1
        return f"{self.counts[-1]}. "

    def apart(self) -> None:
        if self.out and self.out[-1]:
            self.out.append("")

    def finish(self) -> None:
        """What was gathered, on as many lines as it takes; then the addresses that it leads to."""
        text, mark = _BLANKS.sub(" ", self.line).strip(), self.indent
        self.line, self.indent = "", ""
        if text:
            first, *rest = columns.wrapped(text, " " * len(mark)).split("\n")
            self.out += [mark + first[len(mark) :], *rest]
        addresses, self.waiting = self.waiting, []
        self.out += addresses
