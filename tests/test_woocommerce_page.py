"""docs/woocommerce.md names what is there: files, tests, and every switch of the sandbox's store."""

from __future__ import annotations

import re
from pathlib import Path

from sandbox.woocommerce.quirks import TABLE

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "woocommerce.md").read_text("utf-8")
# Each table of tests says in its section where they lie.
FOLDERS = ("", "tests/plugin/", "tests/quirks/")


def test_the_tests_that_it_names_are_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py)::(\w+)", PAGE))
    assert len(named) > 40
    for file, test in named:
        paths = [ROOT / folder / file for folder in FOLDERS if (ROOT / folder / file).exists()]
        assert any(f"def {test}(" in path.read_text("utf-8") for path in paths), f"{file}::{test}"


def test_the_places_that_it_names_are_there() -> None:
    rooms = r"app|connectors|docs|emails|flows|migrations|sandbox|tests|wire"
    for place in set(re.findall(rf"`((?:{rooms})/[\w./-]+)`", PAGE)):
        assert (ROOT / place).exists(), place


def test_every_habit_that_can_be_switched_on_has_its_row() -> None:
    habits = PAGE.partition("| habit | outcome | test |\n")[2].partition("\n\n")[0]
    assert [switch for switch in TABLE if f"`{switch}`" not in habits] == []
