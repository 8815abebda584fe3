"""What a brand's mails share: colours, fonts, corners, the direction of reading. The kit's marks name it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from types import CodeType

from emails import palette
from emails.clean import fenced
from emails.fonts import for_language
from emails.message import Brand
from emails.setting import rules_for, spaced_for

_MARK = re.compile(r"@([a-z_]+)@")
_FONT = re.compile(r"[\w\s,'\"-]+")


@dataclass(frozen=True, slots=True)
class Style:
    """`language` as HTML names it. Two brands that look alike have one style."""

    accent: str
    ink: str
    page: str
    heading_font: str
    body_font: str
    radius: int
    language: str
    right_to_left: bool


def style_of(brand: Brand, language: str, direction: str) -> Style:
    """`language`: a folder of `locales/`. `direction`: "ltr" or "rtl"."""
    return Style(
        brand.accent,
        brand.ink,
        brand.page,
        for_language(brand.heading_font, language),
        for_language(brand.body_font, language),
        brand.radius,
        language.replace("_", "-"),
        direction == "rtl",
    )


def filled(code: CodeType, style: Style) -> CodeType:
    """A compiled template with the style in place of the marks: they stand in its constants, so nothing has
    to be compiled for another brand."""
    return _filled(code, marks_of(style))


def _filled(code: CodeType, marks: Mapping[str, str]) -> CodeType:
    return code.replace(co_consts=tuple(_constant(one, marks) for one in code.co_consts))


def _constant(one: object, marks: Mapping[str, str]) -> object:
    if isinstance(one, str):
        return spaced_for(in_place_of_marks(one, marks), marks["lang"])
    return _filled(one, marks) if isinstance(one, CodeType) else one


def in_place_of_marks(text: str, marks: Mapping[str, str]) -> str:
    return _MARK.sub(lambda found: marks.get(found[1], found[0]), text) if "@" in text else text


@lru_cache(maxsize=512)
def marks_of(style: Style) -> Mapping[str, str]:
    brand = Brand("", "", "", "", accent=style.accent, ink=style.ink, page=style.page)
    light, dark = palette.light(brand), palette.dark(brand)
    radius = min(max(style.radius, 0), 24)
    start, end = ("right", "left") if style.right_to_left else ("left", "right")
    # What stands in a place of its own keeps its direction where the rest runs from right to left.
    apart, together = fenced("|").split("|") if style.right_to_left else ("", "")
    return {
        **asdict(light),
        **{f"dark_{name}": colour for name, colour in asdict(dark).items()},
        "heading_font": _font(style.heading_font, "Georgia, serif"),
        "body_font": _font(style.body_font, "Helvetica, Arial, sans-serif"),
        "radius": str(radius),
        "radius_of_cards": str(radius + 2),
        "start": start,
        "end": end,
        "apart": apart,
        "together": together,
        "direction": "rtl" if style.right_to_left else "ltr",
        "lang": style.language,
        "setting": rules_for(style.language),
    }


def _font(stack: str, default: str) -> str:
    return stack.replace('"', "'") if _FONT.fullmatch(stack) else default
