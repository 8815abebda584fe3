"""What the platform asks of an extension, where the plugin does it, and which test would miss it: the rows
of checklist.tsv. `python -m tests.plugin.checklist` prints them as they stand in docs/woocommerce.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.security.checks.guarded import Guard

TABLE = Path(__file__).with_suffix(".tsv")
HERE = "connectors/woocommerce/plugin/doorstep/"


@dataclass(frozen=True)
class Row:
    """`line` stands once in `file`. With `broken` in its place `test` fails."""

    rule: str
    file: str
    line: str
    broken: str
    test: str

    @property
    def guard(self) -> Guard:
        return Guard(f"{HERE}{self.file}", self.line, self.broken)

    def names(self, failed: str) -> bool:
        """Whether a test that failed is this row's, or one of its cases."""
        return failed.removeprefix("tests/plugin/").startswith(self.test)

    def __str__(self) -> str:
        line = self.line.strip().replace("|", "\\|")
        return f"| {self.rule} | `{self.file}` | `{line}` | `{self.test}` |"


CHECKLIST = tuple(Row(*line.split("\t")) for line in TABLE.read_text("utf-8").splitlines()[1:])


if __name__ == "__main__":
    print("\n".join(map(str, CHECKLIST)))
