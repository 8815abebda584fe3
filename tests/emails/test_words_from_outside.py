from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.clean import carrier_name, greeting_name, one_line, shortened, single_spaced, web_address


@settings(deadline=None)
@given(st.text())
def test_one_line_has_no_control_and_no_direction_of_its_own(text: str) -> None:
    line = one_line(text)
    inner = line.removeprefix("\u2068").removesuffix("\u2069")
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)
    assert not set(inner) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert len(line) <= 162
    line.encode()


@settings(deadline=None)
@given(st.text(), st.integers(min_value=5, max_value=60))
def test_shortened_is_never_longer(text: str, limit: int) -> None:
    assert len(shortened(text, limit)) <= limit


def test_breaks_become_blanks() -> None:
    assert single_spaced(" a\r\n\tb \0 c\u2028d ") == "a b c d"


def test_a_cut_is_made_at_a_word_and_shown() -> None:
    assert shortened("Hand grinder with steel burrs", 20) == "Hand grinder with…"
    assert shortened("Donaudampfschifffahrt", 10) == "Donaudamp…"


def test_only_right_to_left_text_is_isolated() -> None:
    assert one_line("קפה") == "\u2068קפה\u2069"
    assert one_line("Kaffee") == "Kaffee"


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Nora", "Nora"),
        (" Nora\r\nLee ", "Nora Lee"),
        ("x" * 31, ""),
        ("see http://x.example", ""),
        ("WWW.x.example", ""),
        ("n@x.example", ""),
        ("", ""),
    ],
)
def test_who_is_greeted(name: str, greeted: str) -> None:
    assert greeting_name(name) == greeted


@pytest.mark.parametrize(
    "url", ["https://a.example/b?c=1&d=2#e", "http://127.0.0.1:8001/x.png", "https://ä.example/ü"]
)
def test_addresses_that_may_be_printed(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:image/png;base64,x",
        "//a.example",
        "/relative",
        "ftp://a.example",
        "https://",
        "https://a b.example",
        'https://a.example/"onload=x',
        "https://a.example/\r\nx",
        "https://a.example/<b>",
        " https://a.example",
        "https://[::1",
        "https://a.example/" + "x" * 2000,
    ],
)
def test_addresses_that_may_not(url: str | None) -> None:
    assert web_address(url) is None


def test_carriers_are_written_as_they_write_themselves() -> None:
    assert [carrier_name(name) for name in ("dhl", "UPS", "Royal Mail", "fedex", "")] == [
        "DHL",
        "UPS",
        "Royal Mail",
        "fedex",
        "",
    ]
