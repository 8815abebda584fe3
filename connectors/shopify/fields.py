"""What Shopify's bodies need beyond the common readers: gids, counts, single objects."""

from __future__ import annotations

from connectors.base import Malformed
from connectors.fields import (
    Body,
    body,
    children,
    clean,
    flag,
    instant,
    maybe_text,
    read_identity,
    text,
    web_address,
)

__all__ = [
    "Body",
    "body",
    "child",
    "children",
    "clean",
    "count",
    "flag",
    "instant",
    "link",
    "maybe_text",
    "own_id",
    "reference",
    "text",
    "texts",
]

_HIGHEST_COUNT = 2**31 - 1


def child(parent: Body, key: str) -> Body | None:
    """The object in `key`, or None where there is none: an address is there or it is not."""
    value = parent.data.get(key)
    return None if value is None else body(value, parent, key)


def texts(parent: Body, key: str) -> tuple[str, ...]:
    """The texts of a list, other things in it left out."""
    value = parent.data.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Malformed(f"{parent.where(key)}: not a list")
    return tuple(clean(item) for item in value if isinstance(item, str))


def link(parent: Body, key: str) -> str | None:
    return web_address(parent.data.get(key))


def count(parent: Body, key: str) -> int | None:
    """A whole number, at least 0."""
    value = parent.data.get(key)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _HIGHEST_COUNT:
        raise Malformed(f"{parent.where(key)}: not a count")
    return value


def reference(parent: Body, key: str) -> str | None:
    """An id as text, from a number, a text of digits or a gid (`gid://shopify/Order/123?x=y`)."""
    value = parent.data.get(key)
    if isinstance(value, str) and value.startswith("gid://"):
        tail = value.rpartition("/")[2]
        if len(tail) < 20 and tail.isascii() and tail.isdecimal() and tail[0] != "0":
            return tail  # as nearly all are
        value = tail.split("?", 1)[0]
    return read_identity(value, parent, key)


def own_id(parent: Body) -> str:
    """The object's own id, from its gid where it has one: recorded bodies hold numbers that went
    through a reader with 53 bits, while the gid beside them is exact."""
    found = reference(parent, "admin_graphql_api_id") or reference(parent, "id")
    if found is None:
        raise Malformed(f"{parent.where('id')}: missing")
    return found
