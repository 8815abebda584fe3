"""The schema's own scalars, read and written strictly: what does not fit is an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema

_GID = re.compile(r"gid://shopify/[A-Za-z]+/[^\s/]+")


def make_strict(schema: GraphQLSchema) -> None:
    """Gives every scalar of the schema its rules; those without a rule refuse every value."""
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLScalarType) and name not in _BUILT_IN:
            write, read = _RULES.get(name, (_unknown(name), _unknown(name)))
            kind.coerce_output_value = write
            kind.coerce_input_value = read
            # What replaces a method is what the library tells its users to do.
            kind.parse_value = read  # type: ignore[method-assign,assignment]


def check_gid(value: Any) -> None:
    """Of an ID that goes out or comes in."""
    if not isinstance(value, str) or not _GID.fullmatch(value):
        raise GraphQLError(f"{value!r} is not a global id")


_BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def _unknown(name: str) -> Callable[[Any], Any]:
    def refuse(value: Any) -> Any:
        raise GraphQLError(f"this store knows no values of the scalar {name}")

    return refuse


def _write_moment(value: Any) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise GraphQLError(f"DateTime cannot be {value!r}")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise GraphQLError(f"DateTime cannot be {value!r}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f"{value!r} is not a date and time in ISO 8601") from error
    if moment.tzinfo is None:
        raise GraphQLError(f"{value!r} has no time zone")
    return moment


def _write_date(value: Any) -> str:
    if type(value) is not date:
        raise GraphQLError(f"Date cannot be {value!r}")
    return value.isoformat()


def _read_date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise GraphQLError(f"{value!r} is not a date") from error


def _write_decimal(value: Any) -> str:
    """As the platform writes it: no useless zeros, but one decimal at least."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise GraphQLError(f"Decimal cannot be {value!r}")
    text = f"{value.normalize():f}"
    return text if "." in text else f"{text}.0"


def _read_decimal(value: Any) -> Decimal:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError
    except (TypeError, ValueError, InvalidOperation) as error:
        raise GraphQLError(f"{value!r} is not a decimal number") from error
    return number


def _write_money(value: Any) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise GraphQLError(f"Money cannot be {value!r}")
    return f"{value:.2f}"


def _address(value: Any) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise GraphQLError(f"{value!r} is not a URL")
    return str(value)


def _write_whole(value: Any) -> str:
    if type(value) is not int or not 0 <= value < 2**64:
        raise GraphQLError(f"UnsignedInt64 cannot be {value!r}")
    return str(value)


def _read_whole(value: Any) -> int:
    if not re.fullmatch(r"[0-9]{1,20}", str(value)):
        raise GraphQLError(f"{value!r} is not a whole number")
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"{value!r} is not a text")
    return value


_RULES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "DateTime": (_write_moment, _read_moment),
    "Date": (_write_date, _read_date),
    "Decimal": (_write_decimal, _read_decimal),
    "Money": (_write_money, _read_decimal),
    "URL": (_address, _address),
    "UnsignedInt64": (_write_whole, _read_whole),
    "HTML": (_text, _text),
    "FormattedString": (_text, _text),
}
