"""How the lines of a language are set: the room between them, and where they may be broken.

A letter of East Asia fills its square, so lines need more air than Latin ones: 1.7 of their size instead of
1.5, headlines 1.4. Korean is broken at its blanks only; a headline between phrases where the reader's program
knows them (Japanese), else at a comma.
"""

from __future__ import annotations

import re

_TEXT, _HEADLINE = 1.7, 1.4
_LARGEST_TEXT = 18
_LINE = re.compile(r"font-size:(\d+)px;((?:[^;\"{}]*;){0,2}?)line-height:(\d+)px")
_EVERYWHERE = "h1.headline { line-height: 36px !important; } i, em { font-style: normal; }"
_BREAKING = {
    "ja": "h1.headline { word-break: keep-all; word-break: auto-phrase; }",
    "ko": "div, td, p, li, h1, h2 { word-break: keep-all; }",
    "zh-Hans": "h1.headline { word-break: keep-all; }",
    "zh-Hant": "h1.headline { word-break: keep-all; }",
}


def rules_for(language: str) -> str:
    """What the style sheet of a mail says besides; `language` as HTML names it. "" for most."""
    breaking = _BREAKING.get(language)
    return f"{breaking} {_EVERYWHERE}" if breaking else ""


def spaced_for(html: str, language: str) -> str:
    """A piece of a mail with its lines as far apart as `language` needs: each style that names a size and the
    height of its line, unless that is higher already."""
    return _LINE.sub(_roomier, html) if language in _BREAKING else html


def _roomier(found: re.Match[str]) -> str:
    size, between, height = int(found[1]), found[2], int(found[3])
    roomy = round(size * (_TEXT if size <= _LARGEST_TEXT else _HEADLINE)) if size > 1 else 0
    return f"font-size:{size}px;{between}line-height:{max(height, roomy)}px"
