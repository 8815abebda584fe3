"""Copies with some parts changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.copies import with_changes
from flows.person import Person


def test_a_copy_is_what_replace_makes() -> None:
    person = Person(key="k", orders=3)
    copy = with_changes(person, orders=4, spent=7)
    assert copy == replace(person, orders=4, spent=7) and person == Person(key="k", orders=3)


def test_a_part_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="no order"):
        with_changes(Person(), order=4)
