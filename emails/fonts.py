"""The type that a brand may choose from: stacks of faces that readers' machines have, so that a mail
looks the same without loading anything."""

from __future__ import annotations

from dataclasses import dataclass


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
