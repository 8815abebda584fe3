"""A mail's HTML as a tree, with its style sheets and what is wrong with its tags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_LONGEST_EXCERPT = 60


class Node:
    """One element. `children` are elements and texts in their order."""

    __slots__ = ("attrs", "children", "classes", "parent", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], parent: Node | None) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.children: list[Node | str] = []
        self.classes = frozenset(attrs.get("class", "").split())

    def elements(self) -> Iterator[Node]:
        """This one and all within, in the order of the source."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.elements()

    def within(self, tag: str) -> Node | None:
        """The nearest element around it of that name."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above


@dataclass(slots=True)
class Page:
    """`sheets`: each with its media condition, "" for none. `faults`: of the tags."""

    root: Node
    sheets: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Node]:
        return [node for node in self.root.elements() if node.tag in tags]


def page_of(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.faults.extend(f"<{node.tag}> is never closed" for node in reader.open[1:])
    return reader.page


def spaced(text: str) -> str:
    """Without the blanks that a page does not show."""
    return " ".join(text.split())


def excerpt(text: str) -> str:
    words = spaced(text)
    return words if len(words) <= _LONGEST_EXCERPT else words[: _LONGEST_EXCERPT - 1].rstrip() + "…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page(Node("", {}, None))
        self.open = [self.page.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        above = self.open[-1]
        node = Node(tag, {name: value or "" for name, value in attrs}, above)
        above.children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
            return
        self.page.faults.append(f"</{tag}> stands where <{self.open[-1].tag}> is open")
        if any(node.tag == tag for node in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        within = self.open[-1]
        if within.tag == "style":
            self.page.sheets.append((within.attrs.get("media", ""), data))
        else:
            within.children.append(data)
