from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.address import valid_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nora@example.com", "nora@example.com"),
        ("  Nora.W+shop@EXAMPLE.com ", "Nora.W+shop@example.com"),
        ("o'neil@example.co.uk", "o'neil@example.co.uk"),
        ("post@bücher.example", "post@xn--bcher-kva.example"),
        ("post@straße.example", "post@xn--strae-oqa.example"),
        ("post@例え.テスト", "post@xn--r8jz45g.xn--zckzah"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_in_its_normal_form(text: str, expected: str) -> None:
    assert valid_address(text) == expected
    assert valid_address(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "nora",
        "@example.com",
        "nora@",
        "nora@localhost",
        "nora@@example.com",
        "a@b@example.com",
        "nora@example.com\r\nBcc: x@example.com",
        "nora\0@example.com",
        "nora@exam\nple.com",
        "nora @example.com",
        "nora@exa mple.com",
        '"nora smith"@example.com',
        "nöra@example.com",
        ".nora@example.com",
        "nora.@example.com",
        "no..ra@example.com",
        "nora@-example.com",
        "nora@example-.com",
        "nora@example..com",
        "nora@.com",
        "nora@example.com.",
        "nora@[127.0.0.1]",
        "nora@127.0.0.1",
        "nora@xn--\u00fc.com",
        "nora<x@example.com>",
        "a" * 65 + "@example.com",
        "nora@" + "a" * 64 + ".com",
        "nora@" + ".".join(["a" * 60] * 5) + ".com",
        "n" * 300 + "@example.com",
    ],
)
def test_what_no_mail_can_reach(text: str | None) -> None:
    assert valid_address(text) is None


def test_254_characters_are_the_longest() -> None:
    domain = ".".join(["d" * 61, "e" * 61, "f" * 61])
    longest = "n" * (254 - 1 - len(domain) - 4) + "@" + domain + ".com"
    assert len(longest) == 254
    assert valid_address(longest) == longest
    assert valid_address("n" + longest) is None


@settings(deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_accepted_can_stand_in_a_command(text: str) -> None:
    found = valid_address(text)
    assert found is None or re.fullmatch(r"[!-~]{3,254}", found)
    assert found is None or found.count("@") == 1
