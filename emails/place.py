"""A postal address as an envelope of its country shows it."""

from __future__ import annotations

import re
import unicodedata

from babel import Locale

from emails.clean import NBSP, fenced, one_line
from emails.regions import is_code, region_name
from flows.commerce import Address

# A line for each "|". N name, O company, A and B the two lines of the street, C city, S region, Z postcode;
# what stands before a letter is left out with it. After the Universal Postal Union's sheets of the countries.
_SMALLEST_FIRST = "N|O|A|B|"
_TOWNS = {
    "Z C": (
        "AD AT AX AZ BA BE BG BL BY CH CO CU CV CY CZ DE DK DO DZ EE ES ET FI FO FR GE GF GL GN "
        "GP GR GW HR HT IL IS KG KW LA LI LR LT LU MA MC MD ME MF MG MK MQ MZ NC NE NL NO PF PL "
        "PM PS PT PY RE RO RS SE SI SJ SK SM SN TJ TM TN TR TZ UY UZ VA WF XK YT ZM"
    ),
    "Z|C": "AL AM MN OM",
    "Z C S": "IT",
    "Z C|S": "AR CL CR HN MY PA PE PH",
    "Z C, S": "MX",
    "Z-C": "GT",
    "Z-C|S": "SV",
    "C|Z": "AI FK GB GG GI GS IM IO JE KE PN SH SZ TC VG ZA",
    "C|S|Z": "EC EG IE IR KR KZ RU UA",
    "C, S|Z": "IQ",
    "C Z": "BH BM BN BT GH JM JO KH LB LC LK LY MT MV NA NG NP NZ PG PK SA SG TW VC",
    "C Z, S": "VE",
    "C S Z": "AU CC CX NF TH",
    "C - Z": "BD",
    "C - Z|S": "IN",
    "C Z|S": "ID",
    "C|S Z": "VN",
    "C, Z": "LV MM TT",
    "C - S|Z": "BR",
    # No postcodes there; what a form made people type is none.
    "C|S": (
        "AE AG AO BI BO BS BW BZ CD CF CG CI CM DJ DM ER FJ GD GM GQ GY HK KI KM KN KP ML MO MR "
        "NR NU QA RW SB SC SL SR ST SY TD TG TK TO TV UG VU WS YE ZW"
    ),
}
_TOWN = {country: town for town, countries in _TOWNS.items() for country in countries.split()}
_ELSEWHERE = "C, S Z"

_WHOLE = {"HU": "N|O|Z C|A|B"}
# In their own script these begin with the largest and end with the reader.
_LARGEST_FIRST = {
    "CN": "Z|SCA|B|O|N",
    "HK": "SCA|B|O|N",
    "JP": "〒Z|SCA|B|O|N",
    "KR": "S C A|B|O|N|Z",
    "MO": "SCA|B|O|N",
    "TW": "Z|SCA|B|O|N",
}

# Where people write the store's short sign of a region themselves. Elsewhere it says nothing to a postman.
_WRITES_CODES = frozenset(("AU", "BR", "CA", "IN", "IT", "MX", "US"))
_FIELD = re.compile("[NOABCSZ]")
_HANGUL = re.compile("[가-힣]")


def written(address: Address, locale: Locale, home: str) -> tuple[str, ...]:
    """Its lines, empty ones left out. The country is named unless it is the shop's own (`home`)."""
    country = address.country.upper()
    named = "" if country == home.upper() else locale.territories.get(country, address.country)
    lines = (*_lines(address, country), named)
    shown = tuple(cleaned for cleaned in (one_line(line, 80) for line in lines) if cleaned)
    return tuple(map(fenced, shown)) if locale.text_direction == "rtl" else shown


def on_one_line(postal_address: str) -> str:
    """The shop's own, of several lines: with commas, but in Chinese letters with blanks."""
    chinese = _east_asian(postal_address) and not _HANGUL.search(postal_address)
    return one_line((" " if chinese else ", ").join(postal_address.splitlines()), 200)


def _lines(address: Address, country: str) -> list[str]:
    local = country in _LARGEST_FIRST and _east_asian(address.city + address.line1)
    values = {
        "N": address.name.strip(),
        "O": address.company.strip(),
        "A": address.line1.strip(),
        "B": address.line2.strip(),
        "C": address.city.strip(),
        "S": _region(address, country, local),
        "Z": address.postcode.strip(),
    }
    return [_filled(line, values) for line in _form(country, local).split("|")]


def _form(country: str, local: bool) -> str:
    if local:
        return _LARGEST_FIRST[country]
    return _WHOLE.get(country) or _SMALLEST_FIRST + _TOWN.get(country, _ELSEWHERE)


def _region(address: Address, country: str, local: bool) -> str:
    region = region_name(address.region.strip(), country, local)
    if is_code(region) and not (country in _WRITES_CODES or country not in _TOWN):
        return ""
    if country == "IT" and len(region) != 2:  # "MI"; the name of a region stands on no Italian envelope
        return ""
    return "" if address.city.strip().startswith(region) else region


def _filled(line: str, values: dict[str, str]) -> str:
    """The letters with what they stand for; what joins two stands only between two that are there."""
    done = joint = last = ""
    for part in re.split("([NOABCSZ])", line):
        if not _FIELD.fullmatch(part):
            joint = part
        elif values[part]:
            glue = NBSP if joint == " " and "Z" in (part, last) else joint
            done += (glue if done or glue == "〒" else "") + values[part]
            last = part
    return done


def _east_asian(text: str) -> bool:
    return any(unicodedata.east_asian_width(char) == "W" for char in text)
