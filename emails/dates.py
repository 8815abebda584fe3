"""Days as people of a locale say them, in the shop's time zone."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date

_NBSP = "\u00a0"
# CLDR sets the weekday apart in brackets or by a blank; in a sentence and on a parcel's page it is said so.
_SAID = {"ja": "M月d日(E)", "ko": "M월 d일 EEEE", "zh": "M月d日EEEE"}


def day(instant: datetime, zone: tzinfo, locale: Locale) -> str:
    """With weekday and month written out: "Tuesday, November 24"."""
    return _written(instant, zone, locale, _long_pattern(locale))


def short_day(instant: datetime, zone: tzinfo, locale: Locale) -> str:
    """For narrow places: "Nov 24"."""
    return _written(instant, zone, locale, _short_pattern(locale))


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo:
    """The IANA zone, or UTC where a store gave a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _written(instant: datetime, zone: tzinfo, locale: Locale, pattern: str) -> str:
    return _formatted(instant.astimezone(zone).date(), locale, pattern)


@lru_cache(maxsize=8192)
def _formatted(day: date, locale: Locale, pattern: str) -> str:
    return format_date(day, pattern, locale=locale).replace(" ", _NBSP)


@lru_cache(maxsize=256)
def _long_pattern(spoken: Locale) -> str:
    """CLDR names the fields of a day with its weekday in some widths only; ours are the wide ones."""
    if spoken.language in _SAID:
        return _SAID[spoken.language]
    skeletons = spoken.datetime_skeletons
    found = next(skeletons[key] for key in ("MMMMEEEEd", "MMMMEd", "MMMEd") if key in skeletons)
    wide_month = re.sub(r"(?<!M)MMM(?!M)", "MMMM", found.pattern)
    return re.sub(r"E+", "EEEE", wide_month)


@lru_cache(maxsize=256)
def _short_pattern(locale: Locale) -> str:
    return str(locale.datetime_skeletons["MMMd"].pattern)
