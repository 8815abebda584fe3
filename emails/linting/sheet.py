"""Style sheets and styles: as much of CSS as mails use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from emails.linting.page import Node

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PART = re.compile(r"#([\w-]+)|\.([\w-]+)|(\[[^\]]*\])|(::?[\w-]+(?:\([^)]*\))?)|(\*|[a-zA-Z][\w-]*)")
_FEATURE = re.compile(r"\(\s*([\w-]+)\s*:\s*([\w.-]+)\s*\)")
_ATTRIBUTE = re.compile(r"\[\s*([\w-]+)\s*(?:=\s*[\"']?([^\"'\]]*)[\"']?)?\s*\]")


@dataclass(frozen=True, slots=True)
class Simple:
    """What one element of a selector must be. `never`: something that no still page shows (:hover)."""

    tag: str = ""
    id: str = ""
    classes: frozenset[str] = frozenset()
    attributes: tuple[tuple[str, str | None], ...] = ()
    never: bool = False

    def fits(self, node: Node) -> bool:
        return (
            not self.never
            and self.tag in ("", node.tag)
            and self.classes <= node.classes
            and self.id in ("", node.attrs.get("id"))
            and all(
                name in node.attrs and value in (None, node.attrs[name]) for name, value in self.attributes
            )
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """`chain`: the selector's elements, the one that is styled last. `media`: the conditions around it."""

    chain: tuple[Simple, ...]
    weight: tuple[int, int, int]
    media: tuple[str, ...]
    declared: Mapping[str, str]
    important: Mapping[str, str]

    def fits(self, node: Node) -> bool:
        if not self.chain[-1].fits(node):
            return False
        above = node.parent
        for wanted in reversed(self.chain[:-1]):
            while above is not None and not wanted.fits(above):
                above = above.parent
            if above is None:
                return False
            above = above.parent
        return True


@lru_cache(maxsize=8192)
def declarations(style: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Property -> value, lower-case: the usual ones, and those that are !important."""
    usual: dict[str, str] = {}
    important: dict[str, str] = {}
    for one in _COMMENT.sub("", style).split(";"):
        name, colon, value = one.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if not colon or not name:
            continue
        if value.endswith("important"):
            important[name] = value[: -len("important")].rstrip(" !")
        else:
            usual[name] = value
    return usual, important


@lru_cache(maxsize=64)
def rules_of(sheets: tuple[tuple[str, str], ...]) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for media, text in sheets:
        _read(_COMMENT.sub("", text), (media,) if media else (), found)
    return tuple(found)


def applies(media: str, width: int, *, night: bool) -> bool:
    """Whether the condition holds on a screen so wide, by day or by night."""
    return any(_holds(one.strip().lower(), width, night) for one in media.split(","))


def _holds(query: str, width: int, night: bool) -> bool:
    if query.startswith(("print", "not", "only print", "speech")):
        return False
    for name, value in _FEATURE.findall(query):
        if name in ("min-width", "max-width"):
            pixels = float(re.sub(r"[^\d.]", "", value) or 0)
            if (width < pixels) if name == "min-width" else (width > pixels):
                return False
        elif name == "prefers-color-scheme":
            if (value == "dark") != night:
                return False
        else:
            return False
    return "(" not in query or bool(_FEATURE.search(query))


def _read(text: str, media: tuple[str, ...], found: list[Rule]) -> None:
    at = 0
    while (brace := text.find("{", at)) >= 0:
        head, end = text[at:brace].rpartition(";")[2].strip(), _closing(text, brace)
        inside = text[brace + 1 : end]
        if head.startswith("@media"):
            _read(inside, (*media, head[len("@media") :].strip()), found)
        elif not head.startswith("@"):
            usual, important = declarations(inside)
            for selector in head.split(","):
                if (chain := _chain(selector)) is not None:
                    found.append(Rule(chain, _weight(chain), media, usual, important))
        at = end + 1


def _closing(text: str, brace: int) -> int:
    depth = 0
    for place in range(brace, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    return len(text)


def _chain(selector: str) -> tuple[Simple, ...] | None:
    """None for one that looks at neighbours: only hacks for one mail program do."""
    if "+" in selector or "~" in selector or not selector.strip():
        return None
    return tuple(_simple(part) for part in selector.replace(">", " ").split())


def _simple(text: str) -> Simple:
    tag, named, classes, attributes, never = "", "", set[str](), list[tuple[str, str | None]](), False
    for identity, of_class, attribute, pseudo, name in _PART.findall(text):
        named = identity or named
        if of_class:
            classes.add(of_class)
        if attribute:
            told = _ATTRIBUTE.fullmatch(attribute)
            never = never or told is None
            if told is not None:
                attributes.append((told[1], told[2]))
        if pseudo == ":root":
            tag = "html"
        elif pseudo:
            never = True
        if name and name != "*":
            tag = name.lower()
    return Simple(tag, named, frozenset(classes), tuple(attributes), never)


def _weight(chain: tuple[Simple, ...]) -> tuple[int, int, int]:
    return (
        sum(bool(one.id) for one in chain),
        sum(len(one.classes) + len(one.attributes) for one in chain),
        sum(bool(one.tag) for one in chain),
    )
