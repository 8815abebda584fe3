"""What a page is built from: tags that close, one headline, a language, tables that only lay out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emails.linting.box import shown_text
from emails.linting.finding import Finding
from emails.linting.page import Node, excerpt
from emails.linting.seen import Seen

FORBIDDEN = frozenset(
    (
        "script",
        "iframe",
        "form",
        "link",
        "object",
        "embed",
        "base",
        "svg",
        "video",
        "audio",
        "input",
        "button",
    )
)
_LOADS = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)


def of_tags(seen: Seen) -> Iterator[Finding]:
    for fault in seen.page.faults:
        yield Finding("tags", f"The HTML is broken: {fault}.")
    yield from _headline(seen)
    yield from _language(seen)
    for node in seen.page.root.elements():
        yield from _element(node, seen)
    for _, text in seen.page.sheets:
        if _LOADS.search(text):
            yield Finding("loads", "A style sheet loads something from elsewhere; most mail programs do not.")


def _headline(seen: Seen) -> Iterator[Finding]:
    headlines = len(list(seen.shown("h1")))
    if headlines != 1:
        yield Finding("one_headline", f"There are {headlines} main headlines (h1); a mail needs exactly one.")


def _language(seen: Seen) -> Iterator[Finding]:
    html = next(iter(seen.page.all("html")), None)
    attrs = html.attrs if html is not None else {}
    if attrs.get("lang", "").replace("-", "_").lower() != seen.language.lower():
        yield Finding("language", f"The page does not say that its language is {seen.language}.")
    if attrs.get("dir") not in ("ltr", "rtl"):
        yield Finding("direction", "The page does not say in which direction it is read.")


def _element(node: Node, seen: Seen) -> Iterator[Finding]:
    if node.tag in FORBIDDEN:
        yield Finding("forbidden", f"A mail must not hold <{node.tag}>: mail programs block it.")
    for name in node.attrs:
        if name.startswith("on"):
            yield Finding("forbidden", f"A mail must not hold “{name}”: mail programs run no scripts.")
    if _LOADS.search(node.attrs.get("style", "")):
        yield Finding("loads", "A style loads something from elsewhere; most mail programs do not.")
    if node.tag == "table" and not _only_lays_out(node):
        yield Finding(
            "tables",
            "A table that only lays out needs role=presentation, or it is read aloud as one.",
            where=_first_words(node, seen),
        )


def _only_lays_out(table: Node) -> bool:
    """A table of facts has heads of columns or rows and may be read as one."""
    return table.attrs.get("role") in ("presentation", "none") or any(
        node.tag == "th" for node in table.elements()
    )


def _first_words(node: Node, seen: Seen) -> str:

    return excerpt(shown_text(node, seen.day))
