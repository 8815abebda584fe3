"""Frozen values to and from plain JSON data, driven by their type hints.

Everything that is stored or exported (orders, journeys, flows) goes through these two functions,
so a value has exactly one written form.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Dict, list, str, int, bool or None. Instants become ISO 8601 in UTC."""
    kind: Any = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is tuple:  # nearly always what holds others, and mostly empty
        return [to_plain(item) for item in value] if value else []
    parts = _parts(kind)
    if parts is not None:
        names, take = parts
        return {
            name: item if type(item) in _AS_IT_IS else to_plain(item)
            for name, item in zip(names, take(value), strict=True)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass `kind` from what `to_plain` wrote; unknown keys are ignored.

    Raises KeyError where a field without a default is missing.
    """
    values = {}
    described: type = kind
    for name, hint, required in _fields(described):
        if name in data:
            values[name] = _read(hint, data[name])
        elif required:
            raise KeyError(f"{kind.__name__}.{name}")
    return kind(**values)


def _read(hint: Any, data: Any) -> Any:
    if data is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _read(next(option for option in get_args(hint) if option is not type(None)), data)
    if origin is tuple:
        return tuple(_read(get_args(hint)[0], item) for item in data)
    if isinstance(hint, type):
        if is_dataclass(hint):
            return from_plain(hint, data)
        if issubclass(hint, Enum):
            return hint(data)
        if issubclass(hint, datetime):
            return datetime.fromisoformat(data)
    return data


# Most values are these: they are asked about first.
_AS_IT_IS = frozenset({str, int, bool, float, type(None)})


@cache
def _parts(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]] | None:
    """The fields of a dataclass, and what takes their values out of one; None: it is none."""
    if not is_dataclass(kind):
        return None
    names = tuple(field.name for field in fields(kind))
    take = attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, one) for one in names)
    return names, take


@cache
def _fields(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (field.name, hints[field.name], field.default is MISSING and field.default_factory is MISSING)
        for field in fields(kind)
    )
