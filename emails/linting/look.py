"""How one element looks: what it says itself, on top of what it has from those around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emails.linting.colour import colour_in
from emails.linting.lengths import NUMBER, pixels
from emails.linting.page import Node

_INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "br",
            "code",
            "del",
            "em",
            "font",
            "i",
            "img",
            "ins",
            "kbd",
            "mark",
        ),
        *("q", "s", "small", "span", "strike", "strong", "sub", "sup", "u"),
    )
)
_UNSEEN = frozenset(("head", "style", "script", "title", "meta", "link", "template"))
_OF_HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67, "small": 0.83}
_BOLD = frozenset(("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"))
_DEFAULT_LINK = "#0000ee"


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in pixels. `ground` is None where a picture lies beneath. `room`: for what is within.
    `pads`: above and below, left and right, together."""

    shown: bool
    display: str
    size: float
    line: float
    bold: bool
    colour: str
    ground: str | None
    own_ground: bool
    room: float
    outer: float
    pads: tuple[float, float]
    fixed: tuple[float | None, float | None]


def canvas(width: int, night: bool) -> Look:
    """The empty screen."""
    ground, ink = ("#1c1c1c", "#ffffff") if night else ("#ffffff", "#000000")
    return Look(True, "block", 16, 20, False, ink, ground, False, width, width, (0, 0), (None, None))


def look_of(node: Node, above: Look, room: float, style: Mapping[str, str]) -> Look:
    size = _size(node, above, style)
    display = style.get("display") or _usual_display(node.tag)
    pads = _pads(node, style, room)
    fixed = _fixed(node, style, room, size)
    outer = room if node.tag in ("td", "th") else _outer(style, room, fixed[0])
    ground, own_ground = _ground(node, above, style)
    return Look(
        shown=above.shown and node.tag not in _UNSEEN and not _hidden(style, display),
        display=display,
        size=size,
        line=_line(above, style, size),
        bold=_bold(node, above, style),
        colour=_colour(node, above, style, ground),
        ground=ground,
        own_ground=own_ground,
        room=max(outer - pads[1], 0.0),
        outer=outer,
        pads=pads,
        fixed=fixed,
    )


def _usual_display(tag: str) -> str:
    if tag in ("td", "th"):
        return "table-cell"
    return "inline" if tag in _INLINE else "block"


def _size(node: Node, above: Look, style: Mapping[str, str]) -> float:
    told = style.get("font-size")
    if told is None:
        return above.size * _OF_HEADINGS.get(node.tag, 1.0)
    found = pixels(told, above.size, above.size)
    return above.size if found is None else found


def _line(above: Look, style: Mapping[str, str], size: float) -> float:
    told = style.get("line-height")
    if told is None:
        return above.line * size / above.size if above.size else size * 1.2
    if NUMBER.fullmatch(told):
        return float(told) * size
    found = pixels(told, size, size)
    return size * 1.2 if found is None else found


def _bold(node: Node, above: Look, style: Mapping[str, str]) -> bool:
    told = style.get("font-weight")
    if told is None:
        return above.bold or node.tag in _BOLD
    return told in ("bold", "bolder") or (told.isdigit() and int(told) >= 600)


def _colour(node: Node, above: Look, style: Mapping[str, str], ground: str | None) -> str:
    told = style.get("color")
    if told is None:
        return _DEFAULT_LINK if node.tag == "a" and "href" in node.attrs else above.colour
    return above.colour if told == "inherit" else colour_in(told, ground or "#ffffff") or above.colour


def _ground(node: Node, above: Look, style: Mapping[str, str]) -> tuple[str | None, bool]:
    short = style.get("background", "")
    if "url(" in short + style.get("background-image", "") or "background" in node.attrs:
        return None, True
    told = style.get("background-color") or short or node.attrs.get("bgcolor", "").lower()
    found = colour_in(told, above.ground or "#ffffff") if told else None
    return (above.ground, False) if found is None else (found, True)


def _hidden(style: Mapping[str, str], display: str) -> bool:
    return display == "none" or style.get("visibility") == "hidden" or style.get("opacity") == "0"


def _pads(node: Node, style: Mapping[str, str], room: float) -> tuple[float, float]:
    sides = [0.0, 0.0, 0.0, 0.0]
    if node.tag in ("td", "th"):
        table = node.within("table")
        sides = [pixels(table.attrs.get("cellpadding") if table is not None else None) or 0.0] * 4
    if told := style.get("padding"):
        given = [pixels(one, room) or 0.0 for one in told.split()]
        sides = [given[0], given[1 % len(given)], given[2 % len(given) if len(given) > 2 else 0], 0.0]
        sides[3] = given[3] if len(given) > 3 else sides[1]
    for place, side in enumerate(("top", "right", "bottom", "left")):
        if (one := pixels(style.get(f"padding-{side}"), room)) is not None:
            sides[place] = one
    return sides[0] + sides[2], sides[1] + sides[3]


def _fixed(
    node: Node, style: Mapping[str, str], room: float, size: float
) -> tuple[float | None, float | None]:
    """The width and the height that it says of itself."""
    wide = pixels(style.get("width"), room, size)
    if wide is None and "width" not in style:
        wide = pixels(node.attrs.get("width"), room)
    high = pixels(style.get("height"), 0, size) if "%" not in style.get("height", "") else None
    if high is None and "height" not in style:
        high = pixels(node.attrs.get("height"))
    return wide, high


def _outer(style: Mapping[str, str], room: float, wide: float | None) -> float:
    found = room if wide is None else wide
    limit = pixels(style.get("max-width"), room)
    return found if limit is None else min(found, limit)
