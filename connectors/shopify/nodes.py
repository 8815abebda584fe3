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
    """`words` is one of the tables that are written in this code: each is taken apart once."""
    near, far = _parted.get(id(words)) or _part(words)
    if type(node) is not dict and not isinstance(node, Mapping):
        return dict.fromkeys(words)
    get = node.get
    found = {key: get(path) for key, path in near}
    for key, first, rest in far:
        value = get(first)
        for name in rest:
            value = value.get(name) if type(value) is dict or isinstance(value, Mapping) else None
        found[key] = value
    return found


_Parted = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, tuple[str, ...]], ...]]
_parted: dict[int, _Parted] = {}


def _part(words: Words) -> _Parted:
    """What lies right in a node, and what lies deeper: its first key and those below."""
    near = tuple((key, path) for key, path in words.items() if "." not in path)
    ways = [(key, path.split(".")) for key, path in words.items() if "." in path]
    parted = near, tuple((key, first, tuple(rest)) for key, (first, *rest) in ways)
    _parted[id(words)] = parted
    return parted


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
    found = node.get(path) if type(node) is dict and "." not in path else dig(node, path)
    return found if isinstance(found, list) else []
