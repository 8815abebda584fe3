"""What a reader is called: a name put together as the language does it."""

from __future__ import annotations

import unicodedata

from emails.i18n import Texts, language_of

_FAMILY_FIRST = frozenset(("ja", "ko", "zh_Hans", "zh_Hant"))


def called(first: str, last: str, words: Texts) -> str:
    """Where the family name stands first, that is for names in a script of East Asia: a Latin one keeps its
    order and its blank in front of the same title."""
    if not last:
        return words("greeting.first", first=first)
    if language_of(words.locale) in _FAMILY_FIRST and not _east_asian(first + last):
        return words("greeting.first", first=f"{first} {last}")
    return words("greeting.name", first=first, last=last)


def _east_asian(name: str) -> bool:
    """Half-width kana count as well (H)."""
    return any(unicodedata.east_asian_width(char) in ("W", "H") for char in name)
