"""Tolerant readers over a parsed JSON body: nothing is nothing, a wrong shape is Malformed.

Both platforms leave fields out or send null. WordPress adds its own ways of saying "nothing"
(false, an empty text, an empty list where an object belongs) and sends lists with holes as
objects; all of these are understood. The text of Malformed is the path of the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from connectors.base import Malformed
from flows.currencies import decimals

# ISO 4217: what a total without any readable currency is in.
NO_CURRENCY = "XXX"

_HIGHEST = 2**53
# PHP writes fractions of a float out to 60 digits and more.
_LONGEST_NUMBER = 400
_LONGEST_ID = 20
_WHOLE = Decimal(1)
_NUMBERS = (int, float)


@dataclass(slots=True, eq=False)
class Body:
    """A JSON object and where it was found: at a path, or in `key` of the one above, as item `at` of a
    list. The path is written out only where something is wrong: every order has hundreds of these."""

    data: Mapping[str, Any]
    above: Body | str
    key: str = ""
    at: int | None = None

    @property
    def path(self) -> str:
        place = self.above if isinstance(self.above, str) else self.above.where(self.key)
        return place if self.at is None else f"{place}[{self.at}]"

    def where(self, key: str) -> str:
        return f"{self.path}.{key}"


def body(value: Any, above: Body | str, key: str = "", at: int | None = None) -> Body:
    if isinstance(value, dict):
        return Body(value, above, key, at)
    found = Body({}, above, key, at)
    if value != []:
        raise Malformed(f"{found.path}: not an object")
    return found


def child(parent: Body, key: str) -> Body:
    """The object in `key`; an empty one where there is none."""
    value = parent.data.get(key)
    return body({} if _is_nothing(value) else value, parent, key)


def children(parent: Body, key: str) -> tuple[Body, ...]:
    value = parent.data.get(key)
    if value == [] or _is_nothing(value):
        return ()
    items = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise Malformed(f"{parent.where(key)}: not a list")
    return tuple([body(item, parent, key, at) for at, item in enumerate(items)])


def text(parent: Body, key: str) -> str:
    """Readable text: what no database takes (NUL, halves of surrogate pairs) is removed."""
    value = parent.data.get(key)
    if isinstance(value, str):
        return clean(value)
    if _is_nothing(value) or value == []:
        return ""
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        return str(value)
    raise Malformed(f"{parent.where(key)}: not a text")


def maybe_text(parent: Body, key: str) -> str | None:
    return text(parent, key).strip() or None


def clean(value: str) -> str:
    plain = value if value.isascii() else value.encode("utf-8", "ignore").decode()
    return plain.replace("\x00", "") if "\x00" in plain else plain


def web_address(value: Any) -> str | None:
    """An address that may stand behind a link or a picture in a mail; anything else is dropped."""
    if not value or not isinstance(value, str) or not value.strip().isprintable():
        return None
    address = clean(value.strip())
    return address if address.lower().startswith(("https://", "http://")) and " " not in address else None


def identity(parent: Body, key: str) -> str | None:
    """An id as text; 0, null and nothing mean that there is none."""
    return read_identity(parent.data.get(key), parent, key)


def read_identity(value: Any, parent: Body, key: str) -> str | None:
    if type(value) is int and 0 < value < _HIGHEST:  # nearly all of them
        return str(value)
    if _is_nothing(value) or value == 0:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _LONGEST_ID:
        return value if value != "0" else None
    raise Malformed(f"{parent.where(key)}: not an id")


def own_id(parent: Body) -> str:
    found = identity(parent, "id")
    if found is None:
        raise Malformed(f"{parent.where('id')}: missing")
    return found


def number(parent: Body, key: str) -> Decimal | None:
    """A finite number from a JSON number or a decimal text."""
    value = parent.data.get(key)
    if _is_nothing(value):
        return None
    found = _decimal(_written(value))
    if found is None:
        raise Malformed(f"{parent.where(key)}: not a number")
    return found


def flag(parent: Body, key: str, default: bool = False) -> bool:
    """True and false, also as WordPress writes them: "yes", "no", 1, "0"."""
    value = parent.data.get(key)
    if value is None or value == "":
        return default
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word not in ("0", "1", "yes", "no", "true", "false"):
        raise Malformed(f"{parent.where(key)}: neither true nor false")
    return word in ("1", "yes", "true")


def instant(parent: Body, key: str) -> datetime | None:
    """Aware UTC; a time without an offset is taken as UTC."""
    value = parent.data.get(key)
    if _is_nothing(value):
        return None
    if isinstance(value, str) and value.startswith("0000-00-00"):
        return None
    moment = read_instant(value)
    if moment is None:
        raise Malformed(f"{parent.where(key)}: not a time")
    return moment


def read_instant(value: Any) -> datetime | None:
    """ISO 8601 text as aware UTC, or None for anything else."""
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def currency_code(value: str) -> str:
    """Three capital letters, known or not; anything else is no currency."""
    code = value.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else NO_CURRENCY


def amount(parent: Body, key: str, currency: str) -> int | None:
    """Minor units of `currency`: `"12.30"` or 12.3 in EUR -> 1230, halves away from zero. Unknown
    currencies have 2 decimals. None where the field says nothing."""
    value = parent.data.get(key)
    if not value or type(value) is not str:  # nearly all of them are texts
        if _is_nothing(value):
            return None
        value = _written(value)
    found = _minor(value, decimals(currency))
    if found is None:
        raise Malformed(f"{parent.where(key)}: not a number")
    return found


def _written(value: Any) -> str:
    """A number as text, or a text that may be one; an empty one for anything else."""
    if isinstance(value, str):
        return value
    a_number = isinstance(value, _NUMBERS) and not isinstance(value, bool)
    return str(value) if a_number and abs(value) < _HIGHEST else ""  # huge ones have no text


@lru_cache(maxsize=1024)
def _minor(written: str, places: int) -> int | None:
    """A shop has few prices, and they come again and again."""
    found = _decimal(written)
    return None if found is None else int(found.scaleb(places).quantize(_WHOLE, ROUND_HALF_UP))


def _decimal(written: str) -> Decimal | None:
    if len(written) > _LONGEST_NUMBER:
        return None
    try:
        found = Decimal(written)
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() and -_HIGHEST < found < _HIGHEST else None


def _is_nothing(value: Any) -> bool:
    return value is None or value is False or value == ""
