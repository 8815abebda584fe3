"""Lengths as styles write them, and how wide letters are."""

from __future__ import annotations

import re
from functools import lru_cache

from emails.columns import width as columns

NUMBER = re.compile(r"-?\d*\.?\d+")


def letters_wide(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is in one line: a usual letter is half as wide as it is high."""
    return sum(map(_share_of, text)) * size * (1.06 if bold else 1.0)


def pixels(value: str | None, of: float = 0.0, size: float = 16.0) -> float | None:
    """A length in pixels; per cents are `of`, em are of `size`. None where it is none."""
    found = NUMBER.match(value) if value else None
    if found is None or value is None:
        return None
    number, unit = float(found[0]), value[found.end() :].strip()
    if unit == "%":
        return number * of / 100
    scale = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": size, "rem": 16.0}.get(unit)
    return None if scale is None else number * scale


@lru_cache(maxsize=8192)
def _share_of(char: str) -> float:
    if char in "iljtfIr.,:;'|!()[] ":
        return 0.3
    if char in "mwMW@%":
        return 0.85
    if char.isupper():
        return 0.66
    return 0.5 * columns(char) if char.isascii() or columns(char) < 2 else 1.0
