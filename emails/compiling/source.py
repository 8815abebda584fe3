"""The sources of a mail as they lie in `templates/`, and what is put together from them.

A mail is a head (what all blocks know), a subject, a preheader and a row of named blocks. It is written once
and becomes two templates: its pieces (`ui.button(...)`) are macros that the HTML kit and the text kit both
have, and `parts` are macros made of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import TemplateNotFound

FOLDER = Path(__file__).parent.parent / "templates"

_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)?")
_BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)
_MACRO = re.compile(r"{% macro (\w+)\(.*?{% endmacro %}", re.DOTALL)
_COMMENT = re.compile(r"{#.*?#}\n?", re.DOTALL)
_CALL = re.compile(r"\b(ui|parts)\.(\w+)\(")
_HEADS = ("subject", "preheader")


@dataclass(frozen=True, slots=True)
class Source:
    """`head`: what is set before the blocks. `blocks` in the order in which they are shipped."""

    head: str
    subject: str
    preheader: str
    blocks: dict[str, str]


@lru_cache(maxsize=256)
def source_of(template: str) -> Source:
    """`template` is a path without ending ("review_request/ask"). Raises jinja2.TemplateNotFound."""
    text = read(f"{template}.j2") if _NAME.fullmatch(template) else None
    if text is None:
        raise TemplateNotFound(template)
    found = {name: body.strip("\n") + "\n" for name, body in _BLOCK.findall(text)}
    subject, preheader = (found.pop(name).strip() for name in _HEADS)
    return Source(_BLOCK.sub("", text).strip(), subject, preheader, found)


def read(name: str) -> str | None:
    """A file of the folder without its comments; None where there is none."""
    path = FOLDER / name
    return _COMMENT.sub("", path.read_text()) if path.is_file() else None


def with_pieces(text: str, kit: str) -> str:
    """The text after the macros that it calls, of the kit and of `parts`, and those that they call."""
    known = _known(kit)
    used: list[str] = []
    _collect(_called(text), known, used)
    return "".join(_renamed(known[name], name) for name in sorted(used)) + flat(text)


def all_pieces(kit: str) -> str:
    """The macros of the kit and of `parts`, under the names that a flat text calls them by."""
    return "".join(_renamed(source, name) for name, source in _known(kit).items())


def _known(kit: str) -> dict[str, str]:
    found = {f"ui.{name}": source for name, source in macros_of(kit).items()}
    return found | {f"parts.{name}": source for name, source in macros_of(read("parts.j2") or "").items()}


def macros_of(text: str) -> dict[str, str]:
    return {found[1]: found[0] + "\n" for found in _MACRO.finditer(text)}


def _collect(names: Iterable[str], known: dict[str, str], used: list[str]) -> None:
    for name in names:
        if name not in used:
            used.append(name)
            _collect(_called(known[name]), known, used)


def _called(text: str) -> list[str]:
    return [f"{found[1]}.{found[2]}" for found in _CALL.finditer(text)]


def _renamed(macro: str, name: str) -> str:
    room, _, own = name.partition(".")
    return flat(macro.replace(f"macro {own}(", f"macro {room}_{own}(", 1))


def flat(text: str) -> str:
    """`ui.button(` is called `ui_button(`: a look into a module costs as much as the call itself."""
    return _CALL.sub(r"\1_\2(", text)
