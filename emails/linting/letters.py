"""Texts: large enough to read, and of a colour that can be told from what is beneath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from emails import palette
from emails.linting.box import lines, shown_text
from emails.linting.finding import Finding
from emails.linting.page import Node, excerpt
from emails.linting.seen import Seen
from emails.linting.sight import Sight

SMALLEST, SMALLEST_LEGAL = 14, 12
BODY = range(14, 17)
HEADLINE = range(24, 29)
# A product's name in it may be 40 characters long; on a phone that takes a line of its own.
MOST_LINES, MOST_LINES_ON_A_PHONE = 2, 3
LEGAL = "legal"
_NO_BODY = frozenset(("a", "h1", "h2", "h3", "h4", "h5", "h6"))
_LARGE, _LARGE_BOLD = 24, 18.66  # WCAG 2.2, 1.4.3: 18 points, or 14 points and bold


def of_letters(seen: Seen) -> Iterator[Finding]:
    for sight in seen.sights:
        yield from _headline(seen, sight)
        spread = Counter[int]()
        for node in seen.page.root.elements():
            words = _own_words(node, sight)
            if words:
                yield from _size(node, sight, words)
                yield from _line(node, sight, words)
                yield from _contrast(node, sight, words)
                if _is_body(node):
                    spread[round(sight.looks[node].size)] += len(words)
        yield from _body(spread)


def _own_words(node: Node, sight: Sight) -> str:
    """What stands right in the element, not in one within it."""
    if not sight.looks[node].shown:
        return ""
    return " ".join(
        text for child in node.children if isinstance(child, str) and (text := " ".join(child.split()))
    )


def _headline(seen: Seen, sight: Sight) -> Iterator[Finding]:
    most = MOST_LINES if sight is seen.day else MOST_LINES_ON_A_PHONE
    for node in seen.page.all("h1"):
        look = sight.looks[node]
        if not look.shown:
            continue
        where = excerpt(shown_text(node, sight))
        if round(look.size) not in HEADLINE:
            yield Finding(
                "headline_size", f"The headline is {look.size:g} px high; 24 to 28 px read best.", where
            )
        if (many := lines(node, sight)) > most:
            yield Finding(
                "headline_lines",
                f"The headline takes about {many} lines on a screen of {sight.width} px.",
                where,
            )


def _size(node: Node, sight: Sight, words: str) -> Iterator[Finding]:
    size = sight.looks[node].size
    smallest = SMALLEST_LEGAL if _is_legal(node) else SMALLEST
    if size < smallest:
        yield Finding(
            "text_size",
            f"“{excerpt(words)}” is only {size:g} px high; the smallest that reads well is {smallest}.",
            where=excerpt(words),
        )


def _line(node: Node, sight: Sight, words: str) -> Iterator[Finding]:
    look = sight.looks[node]
    if round(look.line) < round(look.size) and lines(node, sight) > 1:
        yield Finding(
            "line_height",
            f"The lines of “{excerpt(words)}” lie on each other: each has {look.line:.0f} px for letters of"
            f" {look.size:.0f} px.",
            where=excerpt(words),
        )


def _is_legal(node: Node) -> bool:
    """The lines of the footer that the law asks for may be smaller."""
    above: Node | None = node
    while above is not None and LEGAL not in above.classes:
        above = above.parent
    return above is not None


def _is_body(node: Node) -> bool:
    """Neither a heading, nor a button, nor the shop's name, nor the small print."""
    above: Node | None = node
    while above is not None:
        if above.tag in _NO_BODY or LEGAL in above.classes:
            return False
        above = above.parent
    return True


def _contrast(node: Node, sight: Sight, words: str) -> Iterator[Finding]:
    look = sight.looks[node]
    if look.ground is None:
        return
    large = look.size >= _LARGE or (look.bold and look.size >= _LARGE_BOLD)
    needed = palette.SHAPE_CONTRAST if large else palette.TEXT_CONTRAST
    found = _ratio(look.colour, look.ground)
    if found < needed:
        when = "On a dark screen" if sight.night else "By day"
        yield Finding(
            "contrast",
            f"{when} “{excerpt(words)}” can hardly be read: {look.colour} on {look.ground} has a contrast of"
            f" {found:.1f}, and {needed:g} is needed.",
            where=excerpt(words),
        )


def _body(spread: Counter[int]) -> Iterator[Finding]:
    if spread and (usual := spread.most_common(1)[0][0]) not in BODY:
        yield Finding("body_size", f"Most of the text is {usual} px high; 14 to 16 px read best.")


@lru_cache(maxsize=4096)
def _ratio(one: str, other: str) -> float:
    return palette.contrast(one, other)
