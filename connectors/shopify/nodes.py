"""Finding things in answers of the Admin API.

Whatever is missing or of an odd shape becomes None or nothing, and is judged by the readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

# Name in a webhook body -> path of dots in a node.
Words = Mapping[str, str]


def renamed(node: Any, words: Words) -> dict[str, Any]:
    if type(node) is dict:  # as JSON gives it; most names lie right there
        return {
            key: node.get(path) if "." not in path else dig(node, path) for key, path in words.items()
        }
    return {key: dig(node, path) for key, path in words.items()}


def dig(node: Any, path: str) -> Any:
    """What lies at a path of dots, None where the way ends early."""
    for key in _keys(path):
        if type(node) is not dict and not isinstance(node, Mapping):
            return None
        node = node.get(key)
    return node


@cache
def _keys(path: str) -> tuple[str, ...]:
    """Of the paths that are written in this code, some hundred."""
    return tuple(path.split("."))


def listed(node: Any, path: str) -> list[Any]:
    found = dig(node, path)
    return found if isinstance(found, list) else []
