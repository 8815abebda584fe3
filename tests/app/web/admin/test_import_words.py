"""The first page says how far the reading of the past is, and why it has stopped."""

from __future__ import annotations

from typing import Any

import pytest

from app.queries.imports import Import
from app.web.admin.import_words import read_line, reading_lines


def one(noun: str = "history", **changes: Any) -> Import:
    return Import(**{"noun": noun, "done": None, "total": None, "over": False, "error": None, **changes})


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (one(), "Asking your shop for its orders"),
        (one(done=0, total=9300), "Your shop puts its orders together for us: 9,300 so far"),
        (one(done=12400, total=48000), "Reading your history: 12,400 of 48,000 orders"),
        (one("catalogue", done=3, total=70), "Reading your products: 3 of 70 products"),
        (one(done=1), "1 order read so far"),
        (
            one(done=7, error="StoreUnreachable: the store failed (502)"),
            "Reading orders has stopped: the store failed (502). It goes on by itself at the next try.",
        ),
    ],
)
def test_how_far_it_is(state: Import, line: str) -> None:
    assert reading_lines({state.noun: state}) == [line]
    assert read_line({state.noun: state}) == ""


def test_what_was_read() -> None:
    over = [one(done=48000, over=True), one("catalogue", done=1, over=True), one("customers", over=True)]
    imports = {state.noun: state for state in over}
    assert reading_lines(imports) == []
    assert read_line(imports) == "Your past is read: 48,000 orders, 1 product."
    assert read_line({}) == ""
    assert reading_lines({**imports, "customers": one("customers")}) == ["Asking your shop for its customers"]
