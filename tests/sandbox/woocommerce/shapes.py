"""What the recordings allow: which keys an object has at a place, and which types stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Shape:
    """All that was seen at one place. `always`: keys that every object there had."""

    types: set[str] = field(default_factory=set)
    always: set[str] | None = None
    keys: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None


def shape_of(samples: Iterable[Any]) -> Shape:
    shape = Shape()
    for sample in samples:
        _learn(shape, sample)
    return shape


def differences(value: Any, shape: Shape, unrecorded: frozenset[str] = frozenset()) -> list[str]:
    """Every place where `value` is not what was seen. `unrecorded`: lists that were always empty in
    the recordings, and values of plugins; what is below them is not compared."""
    return list(_compare(value, shape, "", unrecorded))


def type_of(value: Any) -> str:
    """JSON's own types: a price of 19 and one of 25.9 are the same."""
    if value is None or isinstance(value, bool | str | list | dict):
        return type(value).__name__
    return "number"


def _learn(shape: Shape, value: Any) -> None:
    shape.types.add(type_of(value))
    if isinstance(value, dict):
        shape.always = set(value) if shape.always is None else shape.always & set(value)
        for key, part in value.items():
            _learn(shape.keys.setdefault(key, Shape()), part)
    if isinstance(value, list):
        for part in value:
            shape.items = shape.items or Shape()
            _learn(shape.items, part)


def _compare(value: Any, shape: Shape, place: str, unrecorded: frozenset[str]) -> Iterator[str]:
    if place in unrecorded:
        return
    if type_of(value) not in shape.types:
        yield f"{place}: {type_of(value)}, recorded {sorted(shape.types)}"
        return
    if isinstance(value, dict):
        always = shape.always or set()
        yield from (f"{place}.{key}: missing" for key in sorted(always - set(value)))
        for key, part in value.items():
            if key in shape.keys:
                yield from _compare(part, shape.keys[key], f"{place}.{key}", unrecorded)
            else:
                yield f"{place}.{key}: never recorded"
    if isinstance(value, list) and value:
        if shape.items is None:
            yield f"{place}[]: always empty in the recordings"
            return
        for part in value:
            yield from _compare(part, shape.items, f"{place}[]", unrecorded)
