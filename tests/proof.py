"""Full counts: a test that repeats something takes its number from here, and the number is printed.

`make test` runs each such test reduced; with DOORSTEP_PROOF=1 (`make proof`) it runs the full count,
and the table of what was run is written to var/reports/proof.json. What reads data that not everybody has
is marked `proof`: `make test` leaves it out, and `make proof` fails where the data are missing. Nothing is
skipped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

FULL = os.environ.get("DOORSTEP_PROOF") == "1"
REPORT = Path("var/reports/proof.json")

Count = Callable[[int, int], int]
Figure = Callable[[str, float], None]

_COUNT, _FIGURE = "count", "figure"


def pytest_report_header() -> str:
    return f"counts: {'full' if FULL else 'reduced (make proof runs the full ones)'}"


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """`count(reduced, full)`: how often this test repeats itself in this run."""

    def choose(reduced: int, full: int) -> int:
        chosen = full if FULL else reduced
        record_property(_COUNT, chosen)
        return chosen

    return choose


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """`figure(name, value)`: something measured by this test, for the report."""

    def record(name: str, value: float) -> None:
        record_property(f"{_FIGURE}.{name}", value)

    return record


class _Table:
    """One row for each test that counted or measured."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.user_properties:
            self.rows.append(row_of(report.nodeid, report.outcome, dict(report.user_properties)))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.rows:
            return
        terminalreporter.section("counts and figures")
        for row in self.rows:
            said = [f"{row[_COUNT]:,} times"] if row[_COUNT] is not None else []
            said += [f"{name} {value:g}" for name, value in row["figures"].items()]
            terminalreporter.write_line(f"{row['test']}: {', '.join(said)}: {row['outcome']}")

    def pytest_sessionfinish(self) -> None:
        if FULL:
            REPORT.parent.mkdir(parents=True, exist_ok=True)
            REPORT.write_text(json.dumps(self.rows, indent=2) + "\n", "utf-8")


def row_of(test: str, outcome: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    figures = {
        name.removeprefix(f"{_FIGURE}."): value
        for name, value in properties.items()
        if name.startswith(f"{_FIGURE}.")
    }
    return {"test": test, "count": properties.get(_COUNT), "outcome": outcome, "figures": figures}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [] if FULL else [item for item in items if item.get_closest_marker("proof")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proof: is left out by `make test`")
    config.pluginmanager.register(_Table(), "doorstep-proof-table")
