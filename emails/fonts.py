"""The type that a brand may choose from: stacks of faces that readers' machines have, so that a mail
looks the same without loading anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Fonts:
    """CSS font stacks. `name` is what a merchant reads."""

    name: str
    heading: str
    body: str


_SYSTEM = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_GROTESQUE = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
_SERIF = "Georgia, 'Times New Roman', 'Liberation Serif', serif"
_BOOK = "'Iowan Old Style', Palatino, 'Palatino Linotype', Georgia, serif"

FONTS = {
    "classic": Fonts("Classic: serif headings, plain text", _SERIF, _SYSTEM),
    "plain": Fonts("Plain: one sans serif", _SYSTEM, _SYSTEM),
    "clear": Fonts("Clear: one light grotesque", _GROTESQUE, _GROTESQUE),
    "book": Fonts("Book: serif headings and text", _BOOK, _SERIF),
}
DEFAULT = "classic"


def fonts_named(key: str) -> Fonts:
    return FONTS.get(key, FONTS[DEFAULT])


_EAST_ASIAN = {
    "ja": (
        "'Hiragino Sans', 'Yu Gothic', Meiryo, 'Noto Sans CJK JP'",
        "'Hiragino Mincho ProN', 'Yu Mincho', 'Noto Serif CJK JP'",
    ),
    "ko": (
        "'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans CJK KR'",
        "AppleMyungjo, Batang, 'Noto Serif CJK KR'",
    ),
    "zh_Hans": (
        "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC'",
        "'Songti SC', SimSun, 'Noto Serif CJK SC'",
    ),
    "zh_Hant": (
        "'PingFang TC', 'Microsoft JhengHei', 'Noto Sans CJK TC'",
        "'Songti TC', PMingLiU, 'Noto Serif CJK TC'",
    ),
}
_LAST_RESORT = re.compile(r",\s*(sans-serif|serif)\s*$")


@lru_cache(maxsize=256)
def for_language(stack: str, language: str) -> str:
    """`stack` with the faces of an East Asian language before its last resort: Latin letters and figures stay
    the brand's, and a han character is drawn as readers of `language` (a folder of `locales/`) write it, not
    as the machine's first language does. Other languages have the stack as it is.

    Meant for every style that names a font, once per brand and language, before it is compiled.
    """
    if language not in _EAST_ASIAN:
        return stack
    sans, serif = _EAST_ASIAN[language]
    found = _LAST_RESORT.search(stack)
    if found is None:
        return f"{stack}, {sans}, sans-serif"
    return f"{stack[: found.start()]}, {serif if found[1] == 'serif' else sans}, {found[1]}"
