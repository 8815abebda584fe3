"""Lines of a CSV file that a spreadsheet may open: what it would work out is shown instead."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of something to be worked out."""


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """One line at a time, the names of the columns first."""
    yield _line(head)
    for row in rows:
        yield _line([tamed(cell) for cell in row])


def tamed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _line(row: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(row)
    return out.getvalue()
