from __future__ import annotations

from datetime import UTC, datetime

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.dates import day, short_day, zone_named
from emails.i18n import languages
from emails.money import _written, money
from flows.currencies import decimals
from tests.proof import Count

LATE = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "expected"),
    [
        (3800, "USD", "en_US", "$38.00"),
        (-500, "USD", "en_US", "\u2212$5.00"),
        (0, "EUR", "en_US", "€0.00"),
        (1234567, "EUR", "de_DE", "12.345,67\u00a0€"),
        (-1250, "EUR", "de_DE", "\u221212,50\u00a0€"),
        (5800, "JPY", "en_US", "¥5,800"),
        (5800, "KRW", "ko_KR", "₩5,800"),
        (1500, "KWD", "en_US", "KWD\u00a01.500"),
        (123450, "RSD", "en_US", "RSD\u00a01,234.50"),
        (1200, "QQQ", "en_US", "QQQ\u00a012.00"),
        (1200, "QQQ", "de_DE", "12,00\u00a0QQQ"),
        (1200, "usd", "en_US", "$12.00"),
        (1200, "", "en_US", "12.00"),
        (1200, "<b>", "en_US", "12.00"),
        (80_995 * 10**9, "USD", "en_US", "$809,950,000,000.00"),
    ],
)
def test_amounts(minor: int, currency: str, locale: str, expected: str) -> None:
    assert money(minor, currency, Locale.parse(locale)) == expected


def test_each_amount_is_written_as_its_locale_writes_that_amount(count: Count) -> None:
    """Forms are kept by how many digits an amount has; babel writes each anew."""

    @settings(max_examples=count(300, 5_000), deadline=None)
    @given(
        st.integers(-(10**12), 10**12) | st.integers(-20_000, 20_000).map(lambda whole: whole * 100),
        st.sampled_from(["USD", "EUR", "JPY", "KWD", "TWD", "HUF", "CLP", "QQQ", "", "{0}", "CH1"]),
        st.sampled_from([*languages(), "en_IN", "es_MX", "de_CH", "ar_EG", "he", "pt_PT", "hi", "fa"]),
    )
    def check(minor: int, currency: str, locale: str) -> None:
        spoken = Locale.parse(locale)
        assert money(minor, currency, spoken) == _written(minor, currency, spoken)

    check()


def test_one_currency_does_not_change_how_another_is_written() -> None:
    english = Locale.parse("en_US")
    before = money(1, "USD", english)
    assert money(1, "JPY", english) == "¥1"
    assert money(1, "USD", english) == before == "$0.01"


def test_minor_units_of_the_iso_table() -> None:
    assert [decimals(code) for code in ("EUR", "jpy", "ISK", "BHD", "IQD", "XXX", "")] == [
        2,
        0,
        0,
        3,
        3,
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("locale", "long", "short"),
    [
        ("en_US", "Tuesday, November 24", "Nov 24"),
        ("en_GB", "Tuesday 24 November", "24 Nov"),
        ("de_DE", "Dienstag, 24. November", "24. Nov."),
        ("fr_FR", "mardi 24 novembre", "24 nov."),
        ("es_ES", "martes, 24 de noviembre", "24 nov"),
        ("pt_BR", "terça-feira, 24 de novembro", "24 de nov."),
    ],
)
def test_days_as_people_say_them(locale: str, long: str, short: str) -> None:
    spoken, zone = Locale.parse(locale), zone_named("America/Chicago")
    assert day(LATE, zone, spoken) == long.replace(" ", "\u00a0")
    assert short_day(LATE, zone, spoken) == short.replace(" ", "\u00a0")


def test_the_shops_day() -> None:
    english = Locale.parse("en_US")
    assert short_day(LATE, zone_named("Europe/Berlin"), english) == "Nov\u00a025"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "UTC+2", "\0"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert short_day(LATE, zone_named(name), Locale.parse("en_US")) == "Nov\u00a024"
