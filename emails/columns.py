"""The text part's typography: 72 columns, counted as a terminal shows them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

COLUMNS = 72


def width(text: str) -> int:
    """Columns: wide East Asian characters take two, marks and invisible ones none."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def wrapped(text: str, indent: str = "") -> str:
    """Broken at blanks (not at non-breaking ones). A web address is never broken."""
    return "\n".join(indent + line for line in _filled(str(text), COLUMNS - width(indent)))


def row(left: str, right: str) -> str:
    """`left`, and `right` at the right edge of its first line."""
    room = COLUMNS - width(right) - 2
    first, *rest = _filled(str(left), room)
    gap = " " * (COLUMNS - width(first) - width(right))
    return "\n".join([first + gap + str(right), *rest])


def underlined(text: str, char: str) -> str:
    lines = wrapped(text)
    return f"{lines}\n{char * max(width(line) for line in lines.splitlines())}"


def tidy(text: str) -> str:
    """No blanks at line ends, never two empty lines, one newline at the end."""
    trimmed = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", trimmed).strip("\n") + "\n"


def _filled(text: str, room: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += " " + word
        else:
            lines.extend(_pieces(word, room))
    return lines


def _pieces(word: str, room: int) -> list[str]:
    if width(word) <= room or word.startswith(("http://", "https://")):
        return [word]
    pieces = [""]
    for char in word:
        if width(pieces[-1]) + _columns_of(char) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


@lru_cache(maxsize=4096)
def _columns_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
