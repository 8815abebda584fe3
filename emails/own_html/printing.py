"""A block that was read is printed for one reader, within a budget: no source can hold a worker up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import escape

from emails.own_html.language import (
    Both,
    Choice,
    Compared,
    Defined,
    Expression,
    Filtered,
    Fixed,
    Loop,
    Opposite,
    Piece,
    Print,
    Text,
    Value,
)
from emails.own_html.refused import Refused

MOST_STEPS = 10_000
MOST_OUTPUT = 32_000  # characters
MOST_ROWS = 100


def printed(pieces: Sequence[Piece], values: Mapping[str, Any]) -> str:
    """Markup that is not clean yet. Raises Refused where a budget is used up."""
    writer = _Writer(values)
    writer.write(pieces)
    return "".join(writer.out)


class _Writer:
    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.rows: dict[str, Mapping[str, Any]] = {}
        self.out: list[str] = []
        self.steps = 0
        self.written = 0

    def write(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            self.step()
            match piece:
                case Text(text):
                    self.put(text)
                case Print(what):
                    self.put(str(escape(_as_text(self.value(what)))))
                case Choice(branches, otherwise):
                    self.write(next((body for test, body in branches if self.holds(test)), otherwise))
                case Loop():
                    self.repeat(piece)

    def repeat(self, loop: Loop) -> None:
        rows = self.values[loop.over][:MOST_ROWS]
        outside = dict(self.rows)
        for place, row in enumerate(rows, 1):
            self.rows[loop.row] = row
            self.rows["loop"] = {"index": place, "first": place == 1, "last": place == len(rows)}
            self.write(loop.body)
        self.rows = outside
        if not rows:
            self.write(loop.otherwise)

    def put(self, text: str) -> None:
        self.written += len(text)
        if self.written > MOST_OUTPUT:
            raise Refused(f"What this block prints is longer than {MOST_OUTPUT // 1000} kB.")
        self.out.append(text)

    def step(self, how_many: int = 1) -> None:
        self.steps += how_many
        if self.steps > MOST_STEPS:
            raise Refused("This block takes too many steps. Use fewer loops inside each other.")

    def holds(self, test: Expression) -> bool:
        return bool(self.value(test))

    def value(self, what: Expression) -> Any:
        self.step()
        match what:
            case Fixed(value):
                return value
            case Value(name, row):
                return self.rows[row].get(name) if row else self.values.get(name)
            case Filtered(name, inner, given):
                value = self.value(inner)
                self.step(len(value[:MOST_ROWS]) if name == "join" else 0)
                return _filtered(name, value, given)
            case Compared(left, sign, right):
                return _compared(self.value(left), sign, self.value(right))
            case Both(left, right, both):
                first = self.value(left)
                return self.value(right) if bool(first) is both else first
            case Opposite(inner):
                return not self.holds(inner)
            case Defined(inner):
                return self.value(inner) is not None


def _filtered(name: str, value: Any, given: tuple[str, ...]) -> Any:
    if name == "length":
        return len(value) if isinstance(value, str | list) else 0
    if name == "join":
        between, field = given
        return between.join(_as_text(row.get(field)) for row in value[:MOST_ROWS])
    if name == "default":
        return value if value not in (None, "") else given[0]
    return _as_text(value).upper() if name == "upper" else _as_text(value).lower()


def _compared(left: Any, sign: str, right: Any) -> bool:
    """Text with text, numbers with numbers; of other pairs only that they differ is true."""
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if not numbers and not (isinstance(left, str) and isinstance(right, str)):
        return (left is right) is (sign == "eq") and sign in ("eq", "ne")
    match sign:
        case "eq":
            return bool(left == right)
        case "ne":
            return bool(left != right)
        case "lt":
            return bool(left < right)
        case "lteq":
            return bool(left <= right)
        case "gt":
            return bool(left > right)
    return bool(left >= right)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
