"""A page as somebody sees it: on a screen so wide, by day or by night. Each element gets its size of text,
its colours, the ground that it stands on and the room that it has.

It is a reckoning, not a browser: blocks fill their room, cells without a width share what is left, and
letters have usual widths. For what the rules ask (is it large enough, can it be read) that is near enough.
"""

from __future__ import annotations

from collections.abc import Mapping

from emails.linting.lengths import pixels
from emails.linting.look import Look, canvas, look_of
from emails.linting.page import Node, Page
from emails.linting.sheet import Rule, applies, declarations, rules_of


class Sight:
    """`looks`: of every element of the page."""

    def __init__(self, page: Page, width: int, *, night: bool) -> None:
        self.width = width
        self.night = night
        rules = [
            rule
            for rule in rules_of(tuple(page.sheets))
            if all(applies(media, width, night=night) for media in rule.media)
        ]
        self._by_name = _indexed(rules)
        self.looks: dict[Node, Look] = {}
        self._see(page.root, canvas(width, night and _has_night(page)), float(width))

    def _see(self, node: Node, above: Look, room: float) -> None:
        look = self.looks[node] = look_of(node, above, room, self._styles(node))
        rooms = self._cells(node, look.room) if node.tag == "tr" else {}
        for child in node.children:
            if isinstance(child, Node):
                self._see(child, look, rooms.get(child, look.room))

    def _cells(self, row: Node, room: float) -> dict[Node, float]:
        """The room of each cell: what it says, else an equal share of the rest; all of it where cells are
        put one below the other."""
        cells = [one for one in row.children if isinstance(one, Node) and one.tag in ("td", "th")]
        styles = {cell: self._styles(cell) for cell in cells}
        told: dict[Node, float] = {}
        for cell, style in styles.items():
            wide = pixels(style.get("width") or cell.attrs.get("width"), room)
            if style.get("display") == "block":
                return dict.fromkeys(cells, room)
            if wide is not None:
                told[cell] = min(wide, room)
        rest = max(room - sum(told.values()), 0.0)
        return {cell: told.get(cell, rest / max(len(cells) - len(told), 1)) for cell in cells}

    def _styles(self, node: Node) -> Mapping[str, str]:
        """What holds for an element itself, the strongest last."""
        style = node.attrs.get("style", "")
        usual, important = declarations(style) if style else ({}, {})
        rules = [rule for rule in self._for(node) if rule.fits(node)]
        if not rules:
            return {**usual, **important} if important else usual
        rules.sort(key=lambda rule: rule.weight)
        merged: dict[str, str] = {}
        for rule in rules:
            merged.update(rule.declared)
        merged.update(usual)
        for rule in rules:
            merged.update(rule.important)
        merged.update(important)
        return merged

    def _for(self, node: Node) -> list[Rule]:
        found = list(self._by_name.get(node.tag, ())) + list(self._by_name.get("", ()))
        for name in node.classes:
            found.extend(self._by_name.get(f".{name}", ()))
        return found


def _has_night(page: Page) -> bool:
    """Whether it says that it knows dark screens. Where it does not, it stays on white."""
    told = [
        node.attrs.get("content", "") for node in page.all("meta") if node.attrs.get("name") == "color-scheme"
    ]
    return any("dark" in one for one in told) or any("color-scheme" in text for _, text in page.sheets)


def _indexed(rules: list[Rule]) -> Mapping[str, list[Rule]]:
    """By one class or the tag of what they style, so that few are asked for each element."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        last = rule.chain[-1]
        name = f".{min(last.classes)}" if last.classes else last.tag
        found.setdefault(name, []).append(rule)
    return found
