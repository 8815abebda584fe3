"""A brand's three colours grown into all that a mail needs, light and dark, each pair readable.

Colours that a merchant chose are kept where they pass and moved just far enough where they do not.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from functools import lru_cache

from emails.message import Brand

TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
SHAPE_CONTRAST = 3.0  # WCAG 2.2, 1.4.11
_SECONDARY_CONTRAST = 5.4
_STAR_CONTRAST = 3.8
_LIGHT_PAGE = 14.0  # against black
_STAR = "#c27a12"
_WHITE, _BLACK = "#ffffff", "#000000"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Palette:
    """All #rrggbb. `link` is the accent as text on the surface; `letter` stands on the plate."""

    page: str
    surface: str
    plate: str
    ink: str
    secondary: str
    line: str
    accent: str
    on_accent: str
    link: str
    star: str
    letter: str


@lru_cache(maxsize=256)
def light(brand: Brand) -> Palette:
    ink, page, accent = _chosen(brand)
    ink = toward(ink, _BLACK, 7.0, _WHITE, page)
    secondary = toward(mix(ink, _WHITE, 0.42), ink, _SECONDARY_CONTRAST, _WHITE, page)
    plate = mix(page, ink, 0.035)
    button, on_button = _button(toward(accent, ink, SHAPE_CONTRAST, _WHITE))
    return Palette(
        page=page,
        surface=_WHITE,
        plate=plate,
        ink=ink,
        secondary=secondary,
        line=mix(page, ink, 0.09),
        accent=button,
        on_accent=on_button,
        link=toward(accent, ink, TEXT_CONTRAST, _WHITE, page),
        star=toward(_STAR, _BLACK, _STAR_CONTRAST, _WHITE),
        letter=toward(secondary, _BLACK, TEXT_CONTRAST, plate, _dimmed(plate)),
    )


@lru_cache(maxsize=256)
def dark(brand: Brand) -> Palette:
    """No pure black or white; plates stay light but dimmed, so that any product picture is seen."""
    ink, page, accent = _chosen(brand)
    surface = toward(mix(ink, "#1c1c1c", 0.5), _BLACK, 14.0, _WHITE)
    deeper = mix(surface, _BLACK, 0.3)
    text = mix(mix(page, _WHITE, 0.3), surface, 0.04)
    lifted = brightened(accent, 5.5, surface)
    return Palette(
        page=deeper,
        surface=surface,
        plate=_dimmed(light(brand).plate),
        ink=text,
        secondary=toward(mix(text, surface, 0.38), text, _SECONDARY_CONTRAST, surface, deeper),
        line=mix(surface, text, 0.2),
        accent=lifted,
        on_accent=toward(surface, _BLACK, TEXT_CONTRAST, lifted),
        link=lifted,
        star=brightened(_STAR, 5.5, surface),
        letter=light(brand).letter,
    )


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` of `other` in `one`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def toward(colour: str, goal: str, ratio: float, *grounds: str) -> str:
    """The first colour on the way to `goal` that has the contrast on every ground; else `goal`."""
    for step in range(41):
        candidate = mix(colour, goal, step / 40)
        if all(contrast(candidate, ground) >= ratio for ground in grounds):
            return candidate
    return goal


def brightened(colour: str, ratio: float, ground: str) -> str:
    """Of the same hue and strength, so light that it has the contrast on a dark ground."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in _channels(colour)))
    for step in range(41):
        lighter = lightness + (1 - lightness) * step / 40
        red, green, blue = colorsys.hls_to_rgb(hue, lighter, saturation)
        candidate = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
        if contrast(candidate, ground) >= ratio:
            return candidate
    return _WHITE


def _button(accent: str) -> tuple[str, str]:
    if contrast(_WHITE, accent) >= TEXT_CONTRAST:
        return accent, _WHITE
    text = toward(accent, _BLACK, TEXT_CONTRAST + 1, accent)
    if contrast(text, accent) >= TEXT_CONTRAST:
        return accent, text
    return toward(accent, _BLACK, TEXT_CONTRAST, _WHITE), _WHITE


def _chosen(brand: Brand) -> tuple[str, str, str]:
    """Ink, page and accent; our own where the merchant's is not a colour. A page is light: the dark
    one is made from it."""
    page = toward(_colour(brand.page, "#f6f7f8"), _WHITE, _LIGHT_PAGE, _BLACK)
    return _colour(brand.ink, "#1a1d21"), page, _colour(brand.accent, "#2a5bd7")


def _dimmed(plate: str) -> str:
    return mix(plate, _BLACK, 0.07)


def _colour(chosen: str, default: str) -> str:
    return chosen if _COLOUR.fullmatch(chosen) else default


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
