"""What the merchant wrote for this mail, ready to print: a guide, a checklist, a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emails.clean import one_line, short_name, single_spaced, web_address
from emails.message import MailContext
from emails.order_lines import first_letter, name_of, picture_of
from flows.commerce import OrderLine
from flows.content import Content

_LONGEST_PARAGRAPH = 2_000
_MOST_PARAGRAPHS = 60
_BULLETS = ("- ", "* ", "\u2022 ")


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph, or the points of a list."""

    texts: tuple[str, ...]
    points: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """`title` is the product's, `short` the same for subjects; both "" where the order names nothing.
    `heading`: the merchant's own, "" for none. `square`: a picture of the link, to be read by a phone."""

    heading: str
    parts: tuple[Part, ...]
    link: str | None
    title: str
    short: str
    picture: str | None
    letter: str
    square: str | None = None


def own_content(context: MailContext) -> Mapping[str, Words]:
    """By slot, those that are written."""
    return {slot: _words(context, slot, content) for slot, content in context.content.items()}


def _words(context: MailContext, slot: str, content: Content) -> Words:
    line = _line(context, content)
    title = name_of(line, context.products) if line else ""
    return Words(
        heading=one_line(content.title, 120),
        parts=_parts(content.text),
        link=web_address(context.links.content.get(slot)),
        title=one_line(title, 120),
        short=short_name(title),
        picture=picture_of(line, context.products) if line else None,
        letter=first_letter(title),
        square=web_address(context.links.squares.get(slot)),
    )


def _line(context: MailContext, content: Content) -> OrderLine | None:
    """The one that it was written for; what was written for many is about the first."""
    named = (line for line in context.lines if line.product_id == content.product_id)
    return next(named, next(iter(context.lines), None))


def _parts(text: str) -> tuple[Part, ...]:
    """Every line is a paragraph; lines that begin with a dash are the points of one list."""
    found: list[Part] = []
    for written in text.splitlines()[:_MOST_PARAGRAPHS]:
        line = single_spaced(written)
        point = line.startswith(_BULLETS)
        shown = one_line(line[2:] if point else line, _LONGEST_PARAGRAPH)
        if not shown:
            continue
        if point and found and found[-1].points:
            found[-1] = Part((*found[-1].texts, shown), True)
        else:
            found.append(Part((shown,), point))
    return tuple(found)
