"""What a merchant's own block is made of once it was read: our own small tree, and nothing that runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fixed:
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Value:
    """A published name; where `row` is set, a field of the row that a loop is at, else of the whole mail."""

    name: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Filtered:
    """`given`: what stands in the filter's brackets."""

    filter: str
    inner: Expression
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    left: Expression
    sign: str
    right: Expression


@dataclass(frozen=True, slots=True)
class Both:
    """`all` False: one of the two is enough."""

    left: Expression
    right: Expression
    all: bool


@dataclass(frozen=True, slots=True)
class Opposite:
    inner: Expression


@dataclass(frozen=True, slots=True)
class Defined:
    inner: Expression


Expression = Fixed | Value | Filtered | Compared | Both | Opposite | Defined


@dataclass(frozen=True, slots=True)
class Text:
    """As the merchant wrote it: markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Print:
    """Escaped."""

    what: Expression


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch that holds, else `otherwise`."""

    branches: tuple[tuple[Expression, tuple[Piece, ...]], ...]
    otherwise: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    row: str
    over: str
    body: tuple[Piece, ...]
    otherwise: tuple[Piece, ...]


Piece = Text | Print | Choice | Loop
