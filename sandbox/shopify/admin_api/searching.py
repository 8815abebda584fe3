"""The search texts that a listing may be narrowed with: "updated_at:>='2026-11-01T00:00:00Z'"."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

_TERM = re.compile(r"""\s*(?:AND\s+)?([a-z_]+):(>=|<=|>|<|)(?:'([^']*)'|"([^"]*)"|([^\s'"]+))(?=\s|$)""")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "": operator.eq,
}  # fmt: skip

# Field of the search -> what to compare it with: a moment, a text or a number as text.
Searchable = Mapping[str, Callable[[Any], Any]]


def search(sources: list[Any], text: str | None, fields: Searchable) -> list[Any]:
    """Those that every term of `text` fits. Raises GraphQLError for a field or form not known here:
    the real platform would ignore it and answer with everything."""
    if not text or not text.strip():
        return sources
    for name, sign, value in _terms(text):
        if name not in fields:
            raise GraphQLError(f"this store cannot search by {name!r}")
        read, fits = fields[name], _COMPARE[sign]
        wanted: dict[type, Any] = {}
        kept = []
        for source in sources:
            own = read(source)
            if type(own) not in wanted:
                wanted[type(own)] = _like(own, value)
            if own is not None and fits(own, wanted[type(own)]):
                kept.append(source)
        sources = kept
    return sources


def _terms(text: str) -> list[tuple[str, str, str]]:
    terms, place = [], 0
    while place < len(text.rstrip()):
        found = _TERM.match(text, place)
        if found is None:
            raise GraphQLError(f"this store cannot read the search {text[place:]!r}")
        value = next((part for part in found.groups()[2:] if part is not None), "")
        terms.append((found[1], found[2], value))
        place = found.end()
    return terms


def _like(own: Any, value: str) -> Any:
    """`value` in the type of what it is compared with."""
    if not isinstance(own, datetime):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f"{value!r} is not a time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
