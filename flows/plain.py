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
from functools import cache, partial
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
    for name, read, required in _fields(described):
        if name in data:
            part = data[name]
            values[name] = part if part is None or read is None else read(part)
        elif required:
            raise KeyError(f"{kind.__name__}.{name}")
    return kind(**values)


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    """What reads data of this type; None: it is taken as it is. None stays None unasked."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _reader(next(option for option in get_args(hint) if option is not type(None)))
    if origin is tuple:
        inside = _reader(get_args(hint)[0])
        if inside is None:
            return tuple
        return lambda data: tuple([None if item is None else inside(item) for item in data])
    if isinstance(hint, type):
        if is_dataclass(hint):
            return partial(from_plain, hint)
        if issubclass(hint, Enum):
            return hint
        if issubclass(hint, datetime):
            return datetime.fromisoformat
    return None


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
def _fields(kind: type) -> tuple[tuple[str, Callable[[Any], Any] | None, bool], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (
            field.name,
            _reader(hints[field.name]),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
    )
