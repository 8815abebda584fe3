"""What goes to PostgreSQL as JSON is what `flows.plain` says, and nothing that the database refuses."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest

from app.db import as_json
from flows.plain import to_plain
from tests.flows.test_plain import VALUES


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_written_as_it_is_read_back(value: Any) -> None:
    assert json.loads(as_json([value])) == [to_plain(value)]


def test_what_json_has_no_form_for() -> None:
    written = as_json({"set": frozenset({1}), "map": MappingProxyType({"a": 1}), 3: "three"})
    assert json.loads(written) == {"set": [1], "map": {"a": 1}, "3": "three"}
    with pytest.raises(TypeError):
        as_json(object())


@pytest.mark.parametrize(
    ("text", "kept"), [("a\x00b", "ab"), ("\\u0000", "\\u0000"), ("\\\x00", "\\"), ("ä\x00", "ä")]
)
def test_nul_is_dropped_and_what_looks_like_it_is_kept(text: str, kept: str) -> None:
    assert json.loads(as_json({"text": text})) == {"text": kept}
