"""The table of what mail programs understand says what the data of caniemail.com say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from emails.linting.client_table import (
    ELEMENTS,
    FUNCTIONS_NOT_UNDERSTOOD,
    HARMLESS,
    UNDERSTOOD,
    UNLISTED,
    VALUES_NOT_UNDERSTOOD,
)
from emails.linting.support import family_of

DATA = Path("node_modules/caniemail/data/caniemail.json")
CLIENTS: Mapping[str, tuple[str, ...]] = {
    "apple-mail": ("macos", "ios"),
    "gmail": ("desktop-webmail", "ios", "android"),
    "outlook": ("windows", "macos", "outlook-com", "ios", "android"),
    "yahoo": ("desktop-webmail", "ios", "android"),
}


@lru_cache(maxsize=1)
def features() -> Mapping[str, Any]:
    return {one["slug"]: one for one in json.loads(DATA.read_text("utf-8"))["data"]}


def slug_of(name: str) -> str:
    """The entry of a property, or of the one that it is a part of (font-style: font)."""
    while name and f"css-{name}" not in features():
        name = name.rpartition("-")[0]
    return f"css-{name}"


def refused_by(slug: str) -> set[str]:
    """Clients that do not know it in their newest version. What was never tried counts as known."""
    stats = features()[slug]["stats"]
    newest = {
        f"{client}/{where}": list(stats.get(client, {}).get(where, {"": "y"}).values())[-1]
        for client, places in CLIENTS.items()
        for where in places
    }
    return {client for client, told in newest.items() if told.startswith("n")}


@pytest.mark.parametrize("name", sorted(UNDERSTOOD))
def test_what_is_understood_is_understood_by_all(name: str) -> None:
    assert refused_by(slug_of(name)) == set()


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_what_is_only_harmless_is_not_understood_by_all(name: str) -> None:
    assert refused_by(slug_of(name))
    assert HARMLESS[name].endswith(".")


def test_what_is_said_to_be_unlisted_is() -> None:
    assert not [name for name in UNLISTED if f"css-{name}" in features()]


@pytest.mark.parametrize("tag", sorted(ELEMENTS))
def test_elements(tag: str) -> None:
    refused = refused_by(ELEMENTS[tag])
    # Of links the entry speaks of those within a page; the mail apps open all that lead elsewhere.
    assert refused == set() or tag == "a"


@pytest.mark.parametrize("value", sorted(VALUES_NOT_UNDERSTOOD))
def test_values(value: str) -> None:
    assert "outlook/windows" in refused_by(f"css-display-{value.removeprefix('inline-')}")


def test_functions() -> None:
    slugs = {
        "var(": "css-variables",
        "calc(": "css-unit-calc",
        **{f"{name}(": f"css-function-{name}" for name in ("min", "max", "clamp", "light-dark")},
    }
    assert set(FUNCTIONS_NOT_UNDERSTOOD) == slugs.keys()
    assert all(refused_by(slug) for slug in slugs.values())


def test_a_side_is_of_its_property() -> None:
    assert [family_of(name) for name in ("padding-left", "border-top-color", "color", "gap", "top")] == [
        "padding",
        "border",
        "color",
        None,
        None,
    ]
