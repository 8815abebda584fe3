"""Loops that know their place, without Jinja's own object for it, which is asked anew at each item and costs
more than what most loops print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from emails.compiling.trees import all_nodes

COUNTED = "counted"
"""The name by which templates reach the function below."""
_LOOP, _PLACE = "loop", "place"


@dataclass(frozen=True, slots=True)
class Place:
    """As Jinja's `loop`: `index` begins with 1, `index0` with 0."""

    index: int
    index0: int
    first: bool
    last: bool


def counted(things: Sequence[Any]) -> Iterator[tuple[Any, Place]]:
    return zip(things, _places(len(things)), strict=True)


@lru_cache(maxsize=256)
def _places(length: int) -> tuple[Place, ...]:
    return tuple(Place(at + 1, at, at == 0, at == length - 1) for at in range(length))


def with_counted_loops(tree: nodes.Template) -> nodes.Template:
    """The same tree, changed: each loop that asks for its place, but for those that leave items out, whose
    places only Jinja knows."""
    # The innermost first, so that what still says `loop` in an outer one's body means that one.
    for loop in reversed([node for node in all_nodes(tree) if isinstance(node, nodes.For)]):
        asked = [
            node
            for part in loop.body
            for node in all_nodes(part)
            if isinstance(node, nodes.Name) and node.name == _LOOP
        ]
        if not asked or loop.test is not None or loop.else_:
            continue
        for name in asked:
            name.name = _PLACE
        place = nodes.Name(_PLACE, "store", lineno=loop.lineno)
        loop.target = nodes.Tuple([loop.target, place], "store", lineno=loop.lineno)
        function = nodes.Name(COUNTED, "load", lineno=loop.lineno)
        loop.iter = nodes.Call(function, [loop.iter], [], None, None, lineno=loop.lineno)
    return tree
