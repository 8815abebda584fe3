"""A merchant's own block, from its source to what one reader's mail holds of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from emails import palette
from emails.message import Brand, MailContext
from emails.own_html.cleaning import Cleaned, Dress, clean, opening
from emails.own_html.language import Piece
from emails.own_html.printing import printed
from emails.own_html.published import published
from emails.own_html.reading import read
from emails.own_html.refused import Refused
from emails.own_html.ways import filled, ways
from emails.own_html.wording import text_of
from emails.voice import voice_for

MOST_HTML = 40_000  # characters: a mail has 102 kB until Gmail cuts it off


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """`html` may stand in a mail as it is; `text` says the same. `cleaned`: what was not let through."""

    html: str
    text: str
    cleaned: Cleaned


def own_block(
    source: str, context: MailContext, locale: str, through: Callable[[str], str] = str
) -> OwnBlock:
    """For the reader of one mail. `through`: what its links become, so that clicks are known.

    Raises Refused for a source that cannot be read, or prints more than a mail holds.
    """
    return _block(read(source), published(context, voice_for(context, locale)), context.brand, through)


def in_every_way(source: str, context: MailContext, locale: str) -> list[OwnBlock]:
    """As this reader has it, and then as others may, each once. Raises Refused, also for too many ways."""
    pieces, values = read(source), published(context, voice_for(context, locale))
    whole = filled(values)
    blocks = [
        _block(pieces, values, context.brand, str),
        *(_block(way, whole, context.brand, str) for way in ways(pieces)),
    ]
    return list({block.html: block for block in blocks}.values())


def _block(
    pieces: Sequence[Piece], values: Mapping[str, Any], brand: Brand, through: Callable[[str], str]
) -> OwnBlock:
    dress = dress_for(brand)
    cleaned = clean(printed(pieces, values), dress, through)
    if len(cleaned.html) > MOST_HTML:
        raise Refused(f"What this block prints is longer than {MOST_HTML // 1000} kB.")
    # What stands in no paragraph is dressed by what is around it.
    html = f"{opening('div', dress)}{cleaned.html}</div>" if cleaned.html else ""
    return OwnBlock(html, text_of(cleaned.html), cleaned)


@lru_cache(maxsize=256)
def dress_for(brand: Brand) -> Dress:
    """As the rest of the mail is written, in the light and, by the same classes, in the dark."""
    colours = palette.light(brand)
    body = {
        "font-family": _stack(brand.body_font),
        "font-size": "16px",
        "line-height": "24px",
        "color": colours.ink,
    }
    heading = {**body, "margin": "0 0 8px", "font-weight": "600"}
    return Dress(
        styles={
            "p": {"margin": "0 0 16px", **body},
            "div": body,
            "td": {**body, "vertical-align": "top"},
            "th": {**body, "vertical-align": "top", "text-align": "start"},
            "li": {"margin": "0 0 8px"},
            "ul": {"margin": "0 0 16px", "padding": "0 22px", **body},
            "ol": {"margin": "0 0 16px", "padding": "0 22px", **body},
            "h2": {**heading, "font-size": "18px"},
            "h3": heading,
            "h4": heading,
            "a": {"color": colours.link, "text-decoration": "underline"},
            "hr": {"border": "0", "border-top": f"1px solid {colours.line}", "margin": "16px 0"},
        },
        classes={
            **dict.fromkeys(("p", "div", "td", "th", "ul", "ol", "h2", "h3", "h4"), "ink"),
            "a": "link",
            "hr": "rule",
        },
    )


def _stack(fonts: str) -> str:
    return fonts.replace('"', "'")
