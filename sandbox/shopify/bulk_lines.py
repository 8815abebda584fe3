"""The answer to a bulk query as lines: one object each, without the listings that it holds; what was in
those has lines of its own, which name their parent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def as_lines(data: dict[str, Any], grouped: bool) -> list[str]:
    """`grouped`: children right behind their parent, else behind all parents."""
    (listing,) = data.values()
    own: list[dict[str, Any]] = []
    below: list[dict[str, Any]] = []
    for node in _nodes(listing):
        first, *children = _lines(node, None)
        own.append(first)
        (own if grouped else below).extend(children)
    return [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in own + below]


def _lines(node: dict[str, Any], parent: str | None) -> Iterator[dict[str, Any]]:
    plain = {key: value for key, value in node.items() if not _is_listing(value)}
    yield plain if parent is None else {**plain, "__parentId": parent}
    for value in node.values():
        if _is_listing(value):
            for child in _nodes(value):
                yield from _lines(child, node["id"])


def _is_listing(value: Any) -> bool:
    return isinstance(value, dict) and bool({"edges", "nodes"} & set(value))


def _nodes(listing: dict[str, Any]) -> list[dict[str, Any]]:
    if "edges" in listing:
        return [edge["node"] for edge in listing["edges"]]
    return list(listing["nodes"])
