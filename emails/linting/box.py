"""How large something is on the screen, and what it says there."""

from __future__ import annotations

from math import ceil

from emails.linting.lengths import letters_wide
from emails.linting.look import Look
from emails.linting.page import Node, spaced
from emails.linting.sight import Sight

_INLINE = ("inline", "inline-block")


def shown_text(node: Node, sight: Sight) -> str:
    """What can be read within, without alternative texts."""
    return spaced("".join(_pieces(node, sight)))


def height(node: Node, sight: Sight) -> float:
    look = sight.looks[node]
    if not look.shown:
        return 0.0
    told = look.fixed[1] or 0.0
    if node.tag == "img":
        return told or (look.fixed[0] or 0.0)
    # A cell and a table are as high as what is in them, if that is more than they say.
    within = _stacked(node, look, sight) + look.pads[0]
    return max(told, within) if node.tag in ("td", "th", "table") or not told else told + look.pads[0]


def width(node: Node, sight: Sight) -> float:
    """Of blocks the room that they fill, of others what is in them."""
    look = sight.looks[node]
    if node.tag == "img" or look.fixed[0] is not None:
        return (look.fixed[0] or 0.0) + (look.pads[1] if node.tag != "img" else 0.0)
    if look.display not in _INLINE:
        return look.outer
    inside = max(
        (width(child, sight) for child in node.children if isinstance(child, Node)),
        default=0.0,
    )
    written = letters_wide(shown_text(node, sight), look.size, bold=look.bold)
    return min(max(inside, written) + look.pads[1], look.outer)


def lines(node: Node, sight: Sight) -> int:
    """About how many lines its text takes."""
    look = sight.looks[node]
    return _lines(shown_text(node, sight), look)


def _lines(text: str, look: Look) -> int:
    """Words are not cut, so every line but the last stays a little short."""
    wide = letters_wide(text, look.size, bold=look.bold)
    if not wide:
        return 0
    if wide <= look.room:
        return 1
    return ceil(wide / max(look.room - look.size, look.size))


def _stacked(node: Node, look: Look, sight: Sight) -> float:
    """Texts and what stands within them make lines; blocks stand below each other, cells side by side."""
    total, run, run_height = 0.0, "", 0.0
    cells = 0.0
    for child in (*node.children, None):
        if isinstance(child, str):
            run += child
            continue
        if child is not None and sight.looks[child].display in _INLINE and child.tag != "br":
            run += shown_text(child, sight)
            run_height = max(
                run_height, height(child, sight) if child.tag == "img" or child.children else 0.0
            )
            continue
        total += max(_lines(spaced(run), look) * look.line, run_height)
        run, run_height = "", 0.0
        if child is None:
            break
        if child.tag in ("td", "th"):
            cells = max(cells, height(child, sight))
        elif child.tag != "br":
            total += height(child, sight)
    return total + cells


def _pieces(node: Node, sight: Sight) -> list[str]:
    look = sight.looks[node]
    if not look.shown:
        return []
    found: list[str] = []
    apart = look.display not in _INLINE or node.tag == "br"
    if apart:
        found.append(" ")
    for child in node.children:
        if isinstance(child, str):
            # Around blocks letters have no size, so that no gap stands between them; those within have one.
            found.append(child if look.size else "")
        else:
            found.extend(_pieces(child, sight))
    if apart:
        found.append(" ")
    return found
