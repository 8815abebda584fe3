"""Colours as mails write them."""

from __future__ import annotations

import re
from functools import lru_cache

from emails import palette

_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "gray": "#808080", "grey": "#808080"}
_NUMBERS = re.compile(r"rgba?\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)(?:[\s,/]+([\d.]+%?))?\s*\)")
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})(?![0-9a-f])")


@lru_cache(maxsize=4096)
def colour_in(value: str, ground: str) -> str | None:
    """The first colour of a value as #rrggbb, seen on `ground` where light shines through. None: there is
    none, or nothing can be said of it."""
    if found := _HEX.search(value):
        digits = found[0][1:]
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    if numbers := _NUMBERS.search(value):
        channels = [_share(text, 255) for text in numbers.groups()[:3]]
        solid = "#" + "".join(f"{min(round(channel), 255):02x}" for channel in channels)
        return palette.mix(ground, solid, min(_share(numbers[4], 1), 1.0) if numbers[4] else 1.0)
    return next((_NAMED[word] for word in value.split() if word in _NAMED), None)


@lru_cache(maxsize=4096)
def contrast(one: str, other: str) -> float:
    return palette.contrast(one, other)


def _share(text: str, whole: int) -> float:
    return float(text[:-1]) / 100 * whole if text.endswith("%") else float(text)
