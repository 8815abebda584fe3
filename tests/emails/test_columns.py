from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from emails.columns import row, tidy, underlined, width, wrapped

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)


@settings(deadline=None)
@given(WORDS)
def test_no_line_is_wider_than_72(text: str) -> None:
    if "http" not in text:
        assert all(width(line) <= 72 for line in wrapped(text, "  ").split("\n"))


@settings(deadline=None)
@given(WORDS, st.text("0123456789.,$", min_size=1, max_size=16))
def test_the_right_side_ends_at_column_72(left: str, right: str) -> None:
    if "http" not in left:
        first = row(left, right).split("\n")[0]
        assert first.endswith(right)
        assert width(first) == 72


def test_wide_characters_take_two_columns() -> None:
    assert width("珈琲 a\u0301") == 6
    assert wrapped("珈" * 40).split("\n") == ["珈" * 36, "珈" * 4]


def test_non_breaking_blanks_hold() -> None:
    assert wrapped("x" * 66 + " 24\u00a0November").split("\n") == ["x" * 66, "24\u00a0November"]


def test_an_address_is_never_broken() -> None:
    address = "https://a.example/" + "x" * 90
    assert wrapped(f"See {address} now").split("\n") == ["See", address, "now"]


def test_a_heading_is_underlined_as_wide_as_it_is() -> None:
    assert underlined("Order 7", "-") == "Order 7\n-------"


def test_tidy() -> None:
    assert tidy("\n\na  \n\n\n\n b\t\n") == "a\n\n b\n"
