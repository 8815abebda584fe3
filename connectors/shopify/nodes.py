"""Finding things in answers of the Admin API.

Whatever is missing or of an odd shape becomes None or nothing, and is judged by the readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Name in a webhook body -> path of dots in a node.
Words = Mapping[str, str]


def renamed(node: Any, words: Words) -> dict[str, Any]:
    return {key: dig(node, path) for key, path in words.items()}


def dig(node: Any, path: str) -> Any:
    """What lies at a path of dots, None where the way ends early."""
    for key in path.split("."):
        if not isinstance(node, Mapping):
            return None
        node = node.get(key)
    return node


def listed(node: Any, path: str) -> list[Any]:
    found = dig(node, path)
    return found if isinstance(found, list) else []
