"""A customer's birthday, where a plugin of the shop has asked for it: WooCommerce itself does not know it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.woocommerce.metas import word

_KEYS = (
    "birthday",
    "birth_date",
    "birthdate",
    "date_of_birth",
    "dob",
    "billing_birthday",
    "billing_birth_date",
    "billing_birthdate",
    "billing_date_of_birth",
    "billing_dob",
    "automatewoo_birthday_full",
)
_WHOLE = re.compile(r"\d{4}-(\d{2})-(\d{2})(?:\D.*)?|\d{4}(\d{2})(\d{2})")
_DAY = re.compile(r"-{0,2}(\d{2})-(\d{2})")
# Any leap year: the 29th of February is a birthday too.
_SOME_YEAR = 2000


def birthday(values: Mapping[str, Any]) -> str | None:
    """Month and day as "03-31"; the year is nobody's business. What may be read in two ways ("03/04/1990") is
    left alone: a day too late is worse than none."""
    told = word({key.lstrip("_"): value for key, value in values.items()}, *_KEYS)
    found = _WHOLE.fullmatch(told) or _DAY.fullmatch(told)
    if found is None:
        return None
    month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return f"{date(_SOME_YEAR, month, day):%m-%d}"
    except ValueError:
        return None
