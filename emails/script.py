"""How a filled sentence is set in its script: quotes within quotes, and the blanks around a name.

Chinese puts a blank between its letters and Latin ones, so our sentences have one around each gap; around a
name in Chinese it would be a hole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

_Text = TypeVar("_Text", bound=str)
_OUTER_TO_INNER = {
    "ja": str.maketrans("「」", "『』"),
    "zh_Hant": str.maketrans("「」", "『』"),
    "zh_Hans": str.maketrans("“”", "\u2018\u2019"),
}
_OPENS = {"ja": "「{", "zh_Hant": "「{", "zh_Hans": "“{"}
_WIDE = "\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e"
_HOLE = re.compile(f"(?<=[{_WIDE}]) (?=[{_WIDE}])")
_CHINESE = frozenset(("zh_Hans", "zh_Hant"))


def to_quote(values: Mapping[str, str], sentence: str, language: str) -> Mapping[str, str]:
    """The values with quotes of the inner kind, where the sentence puts one of them in quotes itself."""
    if language not in _OPENS or _OPENS[language] not in sentence:
        return values
    inner = _OUTER_TO_INNER[language]
    return {name: value.translate(inner) for name, value in values.items()}


def closed_up(text: _Text, language: str) -> _Text:
    """Without blanks between two Chinese letters; Markup stays Markup."""
    return type(text)(_HOLE.sub("", text)) if language in _CHINESE else text
