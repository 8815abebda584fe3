"""Rows of real orders, one table after the other.

`python -m benchmarks.real_rows FOLDER TARGET` writes each parquet file of FOLDER as a file of JSON lines
under the same name, wherever pyarrow is (pip install pyarrow); either is read, parquet only where pyarrow is.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]


def folder_named(variable: str) -> Path:
    """The folder that the variable names. Raises FileNotFoundError where it names none."""
    found = os.environ.get(variable)
    if not found or not Path(found).is_dir():
        raise FileNotFoundError(f"{variable} names no folder with real data (docs/operations.md)")
    return Path(found)


def rows(folder: Path, table: str) -> Iterator[Row]:
    """Raises FileNotFoundError where the table is not there."""
    lines = folder / f"{table}.jsonl"
    if lines.is_file():
        with lines.open(encoding="utf-8") as file:
            yield from map(json.loads, file)
        return
    parquet = folder / f"{table}.parquet"
    if not parquet.is_file():
        raise FileNotFoundError(f"{folder} holds neither {table}.jsonl nor {table}.parquet")
    yield from _plain(parquet)


def grouped(found: Iterator[Row], key: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in found:
        groups.setdefault(row[key], []).append(row)
    return groups


def clock(zone: ZoneInfo) -> Callable[[str | None], datetime | None]:
    """Reads what a clock on the wall showed there."""

    def read(said: str | None) -> datetime | None:
        return datetime.fromisoformat(said).replace(tzinfo=zone).astimezone(UTC) if said else None

    return read


def _plain(parquet: Path) -> Iterator[Row]:
    try:
        table = import_module("pyarrow.parquet").read_table(parquet)
    except ImportError:
        raise FileNotFoundError(
            f"reading {parquet} needs pyarrow: python -m benchmarks.real_rows writes JSON lines, once"
        ) from None
    for row in table.to_pylist():
        yield {key: one.isoformat() if isinstance(one, datetime) else one for key, one in row.items()}


def main() -> None:
    folder, target = map(Path, sys.argv[1:])
    target.mkdir(parents=True, exist_ok=True)
    for parquet in sorted(folder.glob("*.parquet")):
        with (target / f"{parquet.stem}.jsonl").open("w", encoding="utf-8") as file:
            for row in _plain(parquet):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
