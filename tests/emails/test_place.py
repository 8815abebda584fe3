from __future__ import annotations

import pytest
from babel import Locale

from emails.place import written
from flows.commerce import Address

ENGLISH, GERMAN = Locale.parse("en_US"), Locale.parse("de_DE")


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            Address("Nora W", "", "18 Larch St", "Apt 4", "Providence", "RI", "02906", "US"),
            ("Nora W", "18 Larch St", "Apt 4", "Providence, RI\u00a002906", "United States"),
        ),
        (
            Address("J. Seidel", "Seidel KG", "Lindenhof 7", "", "Leipzig", "SN", "04109", "DE"),
            ("J. Seidel", "Seidel KG", "Lindenhof 7", "04109\u00a0Leipzig", "Germany"),
        ),
        (
            Address("A. Shaw", "", "3 Mill Lane", "", "York", "", "YO1 7HU", "GB"),
            ("A. Shaw", "3 Mill Lane", "York", "YO1 7HU", "United Kingdom"),
        ),
        (Address(city="Cork", country="ie"), ("Cork", "Ireland")),
        (Address(name="X", country="Atlantis"), ("X", "Atlantis")),
        (Address(), ()),
    ],
)
def test_how_a_country_writes(address: Address, lines: tuple[str, ...]) -> None:
    assert written(address, ENGLISH, home="") == lines


def test_the_shops_own_country_is_not_named() -> None:
    address = Address(city="Leipzig", postcode="04109", country="DE")
    assert written(address, GERMAN, home="de") == ("04109\u00a0Leipzig",)
    assert written(address, GERMAN, home="AT")[-1] == "Deutschland"
