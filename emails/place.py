"""A postal address as an envelope of its country shows it."""

from __future__ import annotations

import re

from babel import Locale

from emails.clean import NBSP, one_line
from flows.commerce import Address

_POSTCODE_FIRST = re.compile(
    "AD|AT|BA|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FO|FR|GL|GR|HR|HU|IL|IS|IT|LI|LT|LU|MC|ME|MK|MT|NL|NO|PL|PT|"
    "RO|RS|SE|SI|SK|SM|TR|VA|XK"
)
_POSTCODE_ON_ITS_OWN_LINE = re.compile("GB|GG|IM|JE")


def written(address: Address, locale: Locale, home: str) -> tuple[str, ...]:
    """Its lines, empty ones left out. The country is named unless it is the shop's own (`home`)."""
    country = address.country.upper()
    lines = (
        address.name,
        address.company,
        address.line1,
        address.line2,
        *_town(address, country),
        "" if country == home.upper() else locale.territories.get(country, address.country),
    )
    return tuple(cleaned for cleaned in (one_line(line, 80) for line in lines) if cleaned)


def _town(address: Address, country: str) -> tuple[str, ...]:
    city, region, postcode = (part.strip() for part in (address.city, address.region, address.postcode))
    if _POSTCODE_FIRST.fullmatch(country):
        return (_joined(NBSP, postcode, city),)
    if _POSTCODE_ON_ITS_OWN_LINE.fullmatch(country):
        return city, postcode
    return (_joined(", ", city, _joined(NBSP, region, postcode)),)


def _joined(glue: str, *parts: str) -> str:
    return glue.join(part for part in parts if part)
