"""Of an inline style what a mail may carry: colours and sizes, nothing that loads, moves or covers."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PX = r"\d{1,3}(?:\.\d{1,2})?px"
_SIZE = rf"(?:0|{_PX})"
# Between things; more of it on both sides leaves a phone no column.
_GAP = r"(?:0|\d{1,2}(?:\.\d{1,2})?px)"
_SIDES = rf"{_GAP}(?: {_GAP}){{0,3}}"
_NAMED = "black|white|gray|grey|silver|red|maroon|green|olive|navy|blue|teal|purple|orange|inherit"
_BYTE = r"\s*\d{1,3}\s*"
_COLOUR = rf"(?:#[0-9a-f]{{3}}|#[0-9a-f]{{6}}|rgb\({_BYTE},{_BYTE},{_BYTE}\)|{_NAMED})"
_LINE = rf"(?:none|0|{_GAP} (?:solid|dashed|dotted) {_COLOUR})"
_SIDE_NAMES = ("top", "right", "bottom", "left")

_ALLOWED: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "color": _COLOUR,
        "background-color": rf"(?:{_COLOUR}|transparent)",
        "font-size": r"[1-4]\d(?:\.\d)?px",
        "line-height": rf"(?:{_PX}|[1-3](?:\.\d{{1,2}})?)",
        "font-weight": "normal|bold|[1-9]00",
        "font-style": "normal|italic",
        "text-align": "left|right|center|start|end",
        "text-decoration": "none|underline|line-through",
        "vertical-align": "top|middle|bottom|baseline",
        "display": "block|inline-block",
        "width": rf"(?:{_SIZE}|\d{{1,2}}%|100%|auto)",
        "max-width": rf"(?:{_SIZE}|\d{{1,2}}%|100%)",
        "height": rf"(?:{_SIZE}|auto)",
        "border": _LINE,
        "border-color": _COLOUR,
        "border-radius": _SIZE,
        "border-collapse": "collapse|separate",
        "margin": rf"(?:{_SIDES}|0 auto|{_GAP} auto)",
        "padding": _SIDES,
        **{f"margin-{side}": rf"(?:{_GAP}|auto)" for side in _SIDE_NAMES},
        **{f"padding-{side}": _GAP for side in _SIDE_NAMES},
        **{f"border-{side}": _LINE for side in _SIDE_NAMES},
    }.items()
}


def cleaned_style(style: str) -> tuple[dict[str, str], list[str]]:
    """What may stay, by property, and the names of what may not."""
    kept: dict[str, str] = {}
    gone: list[str] = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), " ".join(value.lower().split())
        if name in _ALLOWED and _ALLOWED[name].fullmatch(value):
            kept[name] = value
        elif declaration.strip():
            gone.append(name[:30] if colon else declaration.strip()[:30])
    return kept, gone
