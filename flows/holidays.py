"""Days off work in a whole country, by the rules that its law gives them.

Kept are holidays of the whole country; those of a state, a canton or a town are not. A country that is not
listed has its weekends and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_SATURDAY, _SUNDAY = 5, 6
_DAY = timedelta(days=1)


def is_workday(day: date, country: str) -> bool:
    return day.weekday() < _SATURDAY and day not in holidays_of(country, day.year)


def next_workday(day: date, country: str) -> date:
    """The day itself, where people work on it."""
    while not is_workday(day, country):
        day += _DAY
    return day


def workdays_after(day: date, amount: int, country: str) -> date:
    """The `amount`-th workday after `day`; of 0 the day itself, or the next workday if it is none."""
    if amount == 0:
        return next_workday(day, country)
    while amount:
        day += _DAY
        amount -= is_workday(day, country)
    return day


@lru_cache(maxsize=512)
def holidays_of(country: str, year: int) -> frozenset[date]:
    rules = _COUNTRIES.get(country.strip().upper(), _Country(()))
    days = {found for one in rules.days if (found := one(year)) is not None}
    # Next year's first of January may be kept on the last day of this one.
    if rules.moved is _nearest and year < date.max.year:
        days.add(_nearest(date(year + 1, 1, 1), set()))
    days |= _kept_instead(days, rules)
    days |= {found for one in rules.stays if (found := one(year)) is not None}
    if rules.bridged:
        days |= {day + _DAY for day in days if day + 2 * _DAY in days}
    return frozenset(day for day in days if day.year == year)


Rule = Callable[[int], date | None]


@dataclass(frozen=True, slots=True)
class _Country:
    """`moved`: where a day is kept instead that falls on a weekend; None, and for `stays`: it is lost.
    `bridged`: the day between two of them is one too."""

    days: tuple[Rule, ...]
    stays: tuple[Rule, ...] = ()
    moved: Callable[[date, set[date]], date] | None = None
    bridged: bool = False


def _kept_instead(days: set[date], rules: _Country) -> set[date]:
    taken = set(days)
    if rules.moved is not None:
        for day in sorted(days):
            taken.add(rules.moved(day, taken))
    return taken - days


def easter(year: int) -> date:
    """Of the western churches, by the calendar that Gregory gave (the anonymous rule of 1876)."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _on(month: int, day: int, since: int = 0) -> Rule:
    return lambda year: date(year, month, day) if year >= since else None


def _easter(days: int) -> Rule:
    return lambda year: easter(year) + timedelta(days=days)


def _nth(n: int, weekday: int, month: int, since: int = 0) -> Rule:
    """The n-th Monday (0) of the month; n = -1 is the last."""

    def find(year: int) -> date | None:
        if year < since:
            return None
        if n > 0:
            first = date(year, month, 1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
        last = date(year + month // 12, month % 12 + 1, 1) - _DAY
        return last - timedelta(days=(last.weekday() - weekday) % 7)

    return find


def _weekday_from(weekday: int, month: int, day: int) -> Rule:
    """The first such day of the week from that date on."""

    def find(year: int) -> date | None:
        first = date(year, month, day)
        return first + timedelta(days=(weekday - first.weekday()) % 7)

    return find


def _equinox(month: int, of_1980: float) -> Rule:
    """As Japan's observatory reckons it, good until 2099."""

    def find(year: int) -> date | None:
        since = year - 1980
        return (
            date(year, month, int(of_1980 + 0.242194 * since - since // 4)) if 1980 <= year < 2100 else None
        )

    return find


def _listed(days: str) -> Rule:
    """Named by the law itself, year by year."""
    by_year = {(day := date.fromisoformat(text)).year: day for text in days.split()}
    return by_year.get


def _nearest(day: date, taken: set[date]) -> date:
    """Saturday's on the Friday before, Sunday's on the Monday after."""
    return day + timedelta(days={_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0))


def _following(day: date, taken: set[date]) -> date:
    """The next weekday that is not one already."""
    instead = day
    while instead.weekday() >= _SATURDAY or (instead != day and instead in taken):
        instead += _DAY
    return instead


def _of_sunday(day: date, taken: set[date]) -> date:
    """Sunday's on the next day that is none already; Saturday's is lost."""
    return _following(day, taken) if day.weekday() == _SUNDAY else day


_GOOD_FRIDAY, _EASTER_MONDAY, _ASCENSION, _WHIT_MONDAY = _easter(-2), _easter(1), _easter(39), _easter(50)
_MAUNDY_THURSDAY, _CORPUS_CHRISTI = _easter(-3), _easter(60)
_NEW_YEAR, _EPIPHANY, _MAY_DAY = _on(1, 1), _on(1, 6), _on(5, 1)
_ASSUMPTION, _ALL_SAINTS, _IMMACULATE = _on(8, 15), _on(11, 1), _on(12, 8)
_CHRISTMAS_EVE, _CHRISTMAS, _BOXING_DAY = _on(12, 24), _on(12, 25), _on(12, 26)
_MIDSUMMER_EVE = _weekday_from(4, 6, 19)
_MATARIKI = _listed(
    "2024-06-28 2025-06-20 2026-07-10 2027-06-25 2028-07-14 2029-07-06"
    " 2030-06-21 2031-07-11 2032-07-02 2033-06-24 2034-07-07 2035-06-29"
)


def _king_of_the_netherlands(year: int) -> date | None:
    day = date(year, 4, 27)
    return day - _DAY if day.weekday() == _SUNDAY else day


def _brigid(year: int) -> date | None:
    """The first Monday of February, or the first itself where it is a Friday."""
    first = date(year, 2, 1)
    return first if first.weekday() == 4 else _nth(1, 0, 2)(year)


def _victoria(year: int) -> date | None:
    """The Monday before May 25."""
    return _weekday_from(0, 5, 18)(year)


# fmt: off
_COUNTRIES: Mapping[str, _Country] = {
    # Feiertagsgesetze of all states; the unity's day is federal law.
    "DE": _Country(
        (_NEW_YEAR, _GOOD_FRIDAY, _EASTER_MONDAY, _MAY_DAY, _ASCENSION, _WHIT_MONDAY,
         _on(10, 3), _CHRISTMAS, _BOXING_DAY)
    ),
    # Feiertagsruhegesetz 1957.
    "AT": _Country(
        (_NEW_YEAR, _EPIPHANY, _EASTER_MONDAY, _MAY_DAY, _ASCENSION, _WHIT_MONDAY, _CORPUS_CHRISTI,
         _ASSUMPTION, _on(10, 26), _ALL_SAINTS, _IMMACULATE, _CHRISTMAS, _BOXING_DAY)
    ),
    # Those that every canton keeps.
    "CH": _Country((_NEW_YEAR, _ASCENSION, _on(8, 1), _CHRISTMAS)),
    # Code du travail, L3133-1.
    "FR": _Country(
        (_NEW_YEAR, _EASTER_MONDAY, _MAY_DAY, _on(5, 8), _ASCENSION, _WHIT_MONDAY, _on(7, 14),
         _ASSUMPTION, _ALL_SAINTS, _on(11, 11), _CHRISTMAS)
    ),
    # Real Decreto 2001/1983, article 45: those that regions do not replace.
    "ES": _Country(
        (_NEW_YEAR, _EPIPHANY, _GOOD_FRIDAY, _MAY_DAY, _ASSUMPTION, _on(10, 12), _ALL_SAINTS,
         _on(12, 6), _IMMACULATE, _CHRISTMAS)
    ),
    # Legge 260/1949; Saint Francis again by legge 151/2025.
    "IT": _Country(
        (_NEW_YEAR, _EPIPHANY, _EASTER_MONDAY, _on(4, 25), _MAY_DAY, _on(6, 2), _ASSUMPTION,
         _on(10, 4, since=2026), _ALL_SAINTS, _IMMACULATE, _CHRISTMAS, _BOXING_DAY)
    ),
    # Algemene termijnenwet, article 3, without Good Friday, on which people work.
    "NL": _Country(
        (_NEW_YEAR, _EASTER_MONDAY, _king_of_the_netherlands, _ASCENSION, _WHIT_MONDAY,
         _CHRISTMAS, _BOXING_DAY)
    ),
    # Arrete royal of 18 April 1974.
    "BE": _Country(
        (_NEW_YEAR, _EASTER_MONDAY, _MAY_DAY, _ASCENSION, _WHIT_MONDAY, _on(7, 21), _ASSUMPTION,
         _ALL_SAINTS, _on(11, 11), _CHRISTMAS)
    ),
    # Codigo do Trabalho, article 234.
    "PT": _Country(
        (_NEW_YEAR, _GOOD_FRIDAY, _on(4, 25), _MAY_DAY, _CORPUS_CHRISTI, _on(6, 10), _ASSUMPTION,
         _on(10, 5), _ALL_SAINTS, _on(12, 1), _IMMACULATE, _CHRISTMAS)
    ),
    # Ustawa o dniach wolnych od pracy 1951; Christmas Eve since 2025.
    "PL": _Country(
        (_NEW_YEAR, _EPIPHANY, _EASTER_MONDAY, _MAY_DAY, _on(5, 3), _CORPUS_CHRISTI, _ASSUMPTION,
         _ALL_SAINTS, _on(11, 11), _on(12, 24, since=2025), _CHRISTMAS, _BOXING_DAY)
    ),
    # Lag 1989:253, and the eves that the law of leave puts beside them.
    "SE": _Country(
        (_NEW_YEAR, _EPIPHANY, _GOOD_FRIDAY, _EASTER_MONDAY, _MAY_DAY, _ASCENSION, _on(6, 6),
         _MIDSUMMER_EVE, _CHRISTMAS_EVE, _CHRISTMAS, _BOXING_DAY, _on(12, 31))
    ),
    # Lov om helligdager 1995, lov om 1. og 17. mai 1947.
    "NO": _Country(
        (_NEW_YEAR, _MAUNDY_THURSDAY, _GOOD_FRIDAY, _EASTER_MONDAY, _MAY_DAY, _on(5, 17), _ASCENSION,
         _WHIT_MONDAY, _CHRISTMAS, _BOXING_DAY)
    ),
    # Lukkeloven; the great day of prayer is gone since 2024.
    "DK": _Country(
        (_NEW_YEAR, _MAUNDY_THURSDAY, _GOOD_FRIDAY, _EASTER_MONDAY, _ASCENSION, _WHIT_MONDAY,
         _CHRISTMAS, _BOXING_DAY)
    ),
    # Kirkkolaki and the law of working hours, with the two eves that it frees.
    "FI": _Country(
        (_NEW_YEAR, _EPIPHANY, _GOOD_FRIDAY, _EASTER_MONDAY, _MAY_DAY, _ASCENSION, _MIDSUMMER_EVE,
         _on(12, 6), _CHRISTMAS_EVE, _CHRISTMAS, _BOXING_DAY)
    ),
    # Banking and Financial Dealings Act 1971, as it is in England and Wales.
    "GB": _Country(
        (_NEW_YEAR, _GOOD_FRIDAY, _EASTER_MONDAY, _nth(1, 0, 5), _nth(-1, 0, 5), _nth(-1, 0, 8),
         _CHRISTMAS, _BOXING_DAY),
        moved=_following,
    ),
    # Organisation of Working Time Act 1997; Saint Brigid since 2023.
    "IE": _Country(
        (_NEW_YEAR, _brigid, _on(3, 17), _EASTER_MONDAY, _nth(1, 0, 5), _nth(1, 0, 6), _nth(1, 0, 8),
         _nth(-1, 0, 10), _CHRISTMAS, _BOXING_DAY),
        moved=_following,
    ),
    # 5 U.S.C. 6103.
    "US": _Country(
        (_NEW_YEAR, _nth(3, 0, 1), _nth(3, 0, 2), _nth(-1, 0, 5), _on(6, 19), _on(7, 4), _nth(1, 0, 9),
         _nth(2, 0, 10), _on(11, 11), _nth(4, 3, 11), _CHRISTMAS),
        moved=_nearest,
    ),
    # Those that all or nearly all provinces keep.
    "CA": _Country(
        (_NEW_YEAR, _GOOD_FRIDAY, _victoria, _on(7, 1), _nth(1, 0, 9), _nth(2, 0, 10), _CHRISTMAS,
         _BOXING_DAY),
        moved=_following,
    ),
    # The national ones of the Fair Work Act 2009; most states do not move Anzac Day.
    "AU": _Country(
        (_NEW_YEAR, _on(1, 26), _GOOD_FRIDAY, _EASTER_MONDAY, _CHRISTMAS, _BOXING_DAY),
        stays=(_on(4, 25),),
        moved=_following,
    ),
    # Holidays Act 2003; Matariki by the Act of 2022.
    "NZ": _Country(
        (_NEW_YEAR, _on(1, 2), _on(2, 6), _GOOD_FRIDAY, _EASTER_MONDAY, _on(4, 25), _nth(1, 0, 6),
         _MATARIKI, _nth(4, 0, 10), _CHRISTMAS, _BOXING_DAY),
        moved=_following,
    ),
    # Law 178 of 1948.
    "JP": _Country(
        (_NEW_YEAR, _nth(2, 0, 1), _on(2, 11), _on(2, 23), _equinox(3, 20.8431), _on(4, 29), _on(5, 3),
         _on(5, 4), _on(5, 5), _nth(3, 0, 7), _on(8, 11), _nth(3, 0, 9), _equinox(9, 23.2488),
         _nth(2, 0, 10), _on(11, 3), _on(11, 23)),
        moved=_of_sunday,
        bridged=True,
    ),
}
# fmt: on
