"""PHP as trees, by the parser that npm brings; what is asked of them stands in the files beside this one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
NODE = ROOT / ".venv" / "bin" / "node"
PARSER = ROOT / "node_modules" / "php-parser"
SCRIPT = Path(__file__).with_name("tree.cjs")

OLDEST = 704  # as the plugin's header promises
FUNCTIONS = ("function", "method", "closure", "arrowfunc")


class Node:
    """One place in a file. `node["left"]` is what the parser calls so: a node, several, a text, nothing."""

    def __init__(self, told: dict[str, Any], file: Path, above: Node | None = None) -> None:
        self.kind: str = told["kind"]
        self.line: int = told.get("loc") or (above.line if above else 1)
        self.file, self.above = file, above
        self._all: list[Node] = above._all if above else []
        self._first = len(self._all)
        self._all.append(self)
        self._parts = {name: self._wrapped(value) for name, value in told.items() if name != "kind"}
        self._behind = len(self._all)

    def _wrapped(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._wrapped(one) for one in value]
        return Node(value, self.file, self) if isinstance(value, dict) and "kind" in value else value

    def __getitem__(self, name: str) -> Any:
        return self._parts.get(name)

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"

    def below(self) -> Iterator[Node]:
        """Itself, then everything in it, in the order of the text."""
        return iter(self._all[self._first : self._behind])

    def find(self, *kinds: str) -> Iterator[Node]:
        return (node for node in self.below() if node.kind in kinds)

    def ways_up(self) -> Iterator[Node]:
        node = self.above
        while node is not None:
            yield node
            node = node.above

    def function(self) -> Node | None:
        """The innermost function that it stands in."""
        return next((node for node in self.ways_up() if node.kind in FUNCTIONS), None)

    def scope(self) -> Node:
        """That function, or the whole file: where a variable's name means one thing."""
        return self.function() or [self, *self.ways_up()][-1]


def parse(files: Sequence[Path], version: int = OLDEST) -> dict[Path, Node | str]:
    """A tree for each file, or the parser's complaint."""
    done = subprocess.run(
        [NODE, SCRIPT, PARSER, str(version)],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(done.stdout)
    return {
        file: Node(told[str(file)]["tree"], file)
        if "tree" in told[str(file)]
        else str(told[str(file)]["complaint"])
        for file in files
    }


def trees(files: Sequence[Path]) -> list[Node]:
    parsed = parse(files)
    for file, tree in parsed.items():
        assert isinstance(tree, Node), f"{file}: {tree}"
    return [tree for tree in parsed.values() if isinstance(tree, Node)]


def text_of(node: Any) -> str | None:
    """The text of a literal; two of them joined are one."""
    if not isinstance(node, Node):
        return None
    if node.kind == "string":
        return str(node["value"])
    if node.kind == "bin" and node["type"] == ".":
        parts = text_of(node["left"]), text_of(node["right"])
        return None if None in parts else "".join(part or "" for part in parts)
    return None


def called(node: Any) -> str:
    """Of a call of a function by its name: the name, in small letters and without its namespace."""
    if not isinstance(node, Node) or node.kind != "call" or node["what"].kind != "name":
        return ""
    return str(node["what"]["name"]).rpartition("\\")[2].lower()


def calls(within: Node, *names: str) -> Iterator[Node]:
    return (node for node in within.find("call") if called(node) in names)


def argument(call: Node, number: int) -> Node | None:
    given: list[Node] = call["arguments"]
    return given[number] if len(given) > number else None
