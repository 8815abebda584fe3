"""Addresses that say which mail came back."""

from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from emails.address import valid_address
from emails.return_path import Purpose, ReturnPath, read, written
from tests.proof import Count

SECRET = b"s" * 40
PATH = ReturnPath(Purpose.BOUNCE, 17, 4711)


def test_what_is_written_is_read_again_however_it_is_spelled(count: Count) -> None:
    numbers = st.integers(0, 2**63 - 1)

    @settings(max_examples=count(200, 5_000), deadline=None)
    @given(st.sampled_from(Purpose), numbers, numbers)
    def holds(purpose: Purpose, shop: int, message: int) -> None:
        path = ReturnPath(purpose, shop, message)
        address = written(SECRET, path, "bounces.example.com")
        assert valid_address(address) == address  # the local part is short enough, too
        for spelled in (address, address.upper(), f"<{address}>", address.replace("example", "other")):
            assert read(SECRET, spelled) == path

    holds()


def test_nobody_else_writes_one() -> None:
    address = written(SECRET, PATH, "x.example")
    local = address.partition("@")[0]
    assert read(b"t" * 40, address) is None
    assert read(SECRET, address.replace("b+", "l+")) is None  # a bounce is not a wish to leave
    for place in range(2, len(local)):
        for letter in set(string.ascii_lowercase + "234567") - {local[place]}:
            assert read(SECRET, f"{local[:place]}{letter}{local[place + 1 :]}@x.example") is None


def test_strange_addresses_are_read_as_none(count: Count) -> None:
    @settings(max_examples=count(300, 20_000), deadline=None)
    @given(st.text(max_size=90))
    def holds(text: str) -> None:
        assert read(SECRET, text) is None
        assert read(SECRET, f"b+{text}") is None

    holds()
    for text in ("", "b+", "b+@x", "l+a@x", "b+" + "a" * 5_000, "hello@example.com"):
        assert read(SECRET, text) is None
