"""Which of a brand's colours could not be read as they are, and what mails use instead."""

from __future__ import annotations

from dataclasses import dataclass

from app.queries.brand import Kit
from emails.message import Brand
from emails.palette import SHAPE_CONTRAST, TEXT_CONTRAST, contrast, light

_WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Correction:
    """`field` is the one that was chosen; `chosen` and `used` are #rrggbb."""

    field: str
    chosen: str
    used: str
    words: str


def corrections(kit: Kit, brand: Brand) -> list[Correction]:
    """Of what the merchant chose; our own colours need none."""
    palette, found = light(brand), []
    if kit.accent and palette.link != kit.accent:
        found.append(
            Correction(
                "accent",
                kit.accent,
                palette.link,
                f"Your accent {kit.accent} would be hard to read as text on white ({_ratio(kit.accent)}, text"
                f" needs {TEXT_CONTRAST:g} : 1). Links use {palette.link}.",
            )
        )
    if kit.accent and palette.accent != kit.accent:
        found.append(
            Correction(
                "accent",
                kit.accent,
                palette.accent,
                f"A button in {kit.accent} would hardly show on white ({_ratio(kit.accent)}, a button needs"
                f" {SHAPE_CONTRAST:g} : 1). Buttons use {palette.accent}.",
            )
        )
    if kit.ink and palette.ink != kit.ink:
        found.append(
            Correction(
                "ink",
                kit.ink,
                palette.ink,
                f"Your text colour {kit.ink} is too pale for long reading ({_ratio(kit.ink)}, text should"
                f" have 7 : 1). Mails use {palette.ink}.",
            )
        )
    if kit.page and palette.page != kit.page:
        found.append(
            Correction(
                "page",
                kit.page,
                palette.page,
                f"Your page colour {kit.page} is too dark for the ground of a mail. Mails use {palette.page};"
                " where readers have a dark screen, a dark ground is made from it.",
            )
        )
    return found


def _ratio(colour: str) -> str:
    return f"{contrast(colour, _WHITE):.1f} : 1"
