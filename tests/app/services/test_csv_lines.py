"""Nothing in a file of ours is worked out by the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io

import pytest

from app.services.csv_lines import csv_lines, tamed


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_would_be_worked_out_is_shown(cell: str) -> None:
    assert tamed(cell) == f"'{cell}"
    file = io.StringIO("".join(csv_lines(("a", "b"), [("x", cell)])), newline="")
    assert list(csv.reader(file)) == [["a", "b"], ["x", f"'{cell}"]]


def test_all_else_stays_as_it_is() -> None:
    rows = [("a=b", 'say "no", please'), ("", "ä")]
    assert list(csv.reader(csv_lines(("one", "two"), rows)))[1:] == [list(row) for row in rows]
