"""Pages of a listing: limits, cursors and the three ways to look at one."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

LIMIT = 250
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that a listing holds. A key is unique and says the place in the ascending order,
    so that a page goes on where the last one ended even if rows before it have changed."""

    items: tuple[tuple[Key, Any], ...]


def rows(sources: list[Any], key: Any) -> Rows:
    return Rows(tuple(sorted(((key(source), source) for source in sources), key=lambda item: item[0])))


def in_order(sources: list[Any]) -> Rows:
    """In the order that they have already."""
    return Rows(tuple(((place,), source) for place, source in enumerate(sources)))


def page(listing: Rows, arguments: dict[str, Any]) -> dict[str, Any]:
    """Raises GraphQLError where the page's limits do not hold or a cursor is not one of ours."""
    first, last = arguments.get("first"), arguments.get("last")
    check_size(first, last)
    items = list(listing.items)
    if arguments.get("reverse"):
        items.reverse()
    start, end = 0, len(items)
    if arguments.get("after") is not None:
        start = _place(items, arguments["after"], after=True, reverse=bool(arguments.get("reverse")))
    if arguments.get("before") is not None:
        end = _place(items, arguments["before"], after=False, reverse=bool(arguments.get("reverse")))
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    chosen = [(_cursor(key), source) for key, source in items[start:end]]
    return {
        "nodes": [source for _, source in chosen],
        "edges": [{"cursor": cursor, "node": source} for cursor, source in chosen],
        "pageInfo": {
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": chosen[0][0] if chosen else None,
            "endCursor": chosen[-1][0] if chosen else None,
        },
    }


def whole(listing: Rows) -> dict[str, Any]:
    """All of it, as bulk queries go through it."""
    sources = [source for _, source in listing.items]
    return {"nodes": sources, "edges": [{"cursor": "", "node": source} for source in sources]}


def check_size(first: int | None, last: int | None) -> None:
    if first is None and last is None:
        raise GraphQLError("you must provide one of first or last", extensions={"code": "BAD_REQUEST"})
    if first is not None and last is not None:
        raise GraphQLError("providing both first and last is not supported")
    check_limit("first" if last is None else "last", first if last is None else last)


def check_limit(name: str, size: int | None) -> None:
    if size is not None and size < 1:
        raise GraphQLError(f"{name} must be a positive number")
    if size is not None and size > LIMIT:
        raise GraphQLError(f"{name} cannot exceed {LIMIT}", extensions={"code": "BAD_REQUEST"})


def _cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _place(items: list[tuple[Key, Any]], cursor: str, *, after: bool, reverse: bool) -> int:
    """How many rows lie before the wanted cut."""
    try:
        mark = tuple(json.loads(base64.urlsafe_b64decode(cursor.encode())))
        inside = [key < mark if not reverse else key > mark for key, _ in items]
        same = [key == mark for key, _ in items]
    except (binascii.Error, ValueError, TypeError) as error:
        raise GraphQLError("invalid cursor for current pagination sort") from error
    return sum(inside) + (sum(same) if after else 0)
