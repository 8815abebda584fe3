"""Parsed templates: walked, and copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from jinja2 import nodes

_Node = TypeVar("_Node", bound=nodes.Node)


def all_nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    """The node and all below it, each before those below."""
    waiting: list[object] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, nodes.Node):
            yield one
            waiting.extend(one.__dict__[name] for name in one.fields)
        elif isinstance(one, (list, tuple)):
            waiting.extend(one)


def copied(node: _Node) -> _Node:
    """As `deepcopy` would, which asks each value how it wants to be copied."""
    made = object.__new__(type(node))
    for name, value in node.__dict__.items():
        if isinstance(value, nodes.Node):
            value = copied(value)
        elif isinstance(value, list):
            value = [copied(one) if isinstance(one, nodes.Node) else one for one in value]
        made.__dict__[name] = value
    return made
