"""The text part's typography: 72 columns, counted as a terminal shows them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

COLUMNS = 72

# What is written without blanks may be broken between any two of its letters, but no line begins with a full
# stop, a closing bracket or a small kana, and none ends with an opening one; a figure keeps its counter.
_WIDE = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENS, _COUNTS = "「『（【《〈〔", "年月日時分点件個通円週項项封颗顆天"
_HANGS = "、。，．：；？！）」』】》〉〕・ー々…ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_ATOM = re.compile(f"[{_OPENS}]*(?:[{_WIDE}]|[^{_WIDE}]+[{_COUNTS}]?)[{_HANGS}]*")


def width(text: str) -> int:
    """Columns: wide East Asian characters take two, marks and invisible ones none."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


# Most sentences are the same for many readers.
@lru_cache(maxsize=8192)
def wrapped(text: str, indent: str = "") -> str:
    """Broken at blanks (not at non-breaking ones), and between letters of China and Japan. A web address is
    never broken."""
    return "\n".join(indent + line for line in _filled(str(text), COLUMNS - width(indent)))


def row(left: str, right: str) -> str:
    """`left`, and `right` at the right edge of its first line."""
    room = COLUMNS - width(right) - 2
    first, *rest = _filled(str(left), room)
    gap = " " * (COLUMNS - width(first) - width(right))
    return "\n".join([first + gap + str(right), *rest])


def padded(text: str, columns: int) -> str:
    """Cut or filled up with blanks."""
    while width(text) > columns:
        text = text[:-1]
    return text + " " * (columns - width(text))


@lru_cache(maxsize=4096)
def underlined(text: str, char: str) -> str:
    lines = wrapped(text)
    return f"{lines}\n{char * max(width(line) for line in lines.splitlines())}"


def tidy(text: str) -> str:
    """No blanks at line ends, never two empty lines, one newline at the end."""
    trimmed = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    while "\n\n\n" in trimmed:
        trimmed = trimmed.replace("\n\n\n", "\n\n")
    return trimmed.strip("\n") + "\n"


def _filled(text: str, room: int) -> list[str]:
    lines: list[str] = []
    used = 0
    for word in text.split(" "):
        glue = " " if lines else ""
        for atom in (word,) if word.isascii() else _ATOM.findall(word) or (word,):
            wide = width(atom)
            if lines and used + len(glue) + wide <= room:
                lines[-1] += glue + atom
                used += len(glue) + wide
            else:
                lines.extend(_pieces(atom, room))
                used = width(lines[-1])
            glue = ""
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
