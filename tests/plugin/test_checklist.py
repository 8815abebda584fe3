"""The checklist in docs/woocommerce.md is true: each line stands where it says, and without it the named test
fails."""

from __future__ import annotations

from tests.plugin.checklist import CHECKLIST, HERE
from tests.plugin.php import ROOT
from tests.proof import FULL, Count, Figure
from tests.security.checks.removing import copy

PAGE = ROOT / "docs" / "woocommerce.md"
# They need a database, or wait for time-outs.
SLOW = ("test_real_", "test_proxy")


def test_each_line_stands_once_in_its_file() -> None:
    wrong = [
        f"{row.file}: {row.line}"
        for row in CHECKLIST
        if (ROOT / HERE / row.file).read_text("utf-8").count(row.line) != 1
    ]
    assert wrong == []


def test_the_page_has_these_rows_and_no_others() -> None:
    table = PAGE.read_text("utf-8").partition("| rule | file | line | test |\n")[2].partition("\n\n")[0]
    printed = [str(row) for row in CHECKLIST]
    assert table.splitlines()[1:] == printed, "python -m tests.plugin.checklist prints them"


def test_without_its_line_a_test_fails(count: Count, figure: Figure) -> None:
    """One line for each of a few tests at once here; all of them, each alone, with full counts."""
    firsts = {row.test: row for row in reversed(CHECKLIST) if not row.test.startswith(SLOW)}
    quick = list(firsts.values())
    groups = [[row] for row in CHECKLIST] if FULL else [quick]
    assert count(len(quick), len(CHECKLIST)) == sum(map(len, groups))
    unseen = list[str]()
    with copy() as at:
        for rows in groups:
            with at.without([row.guard for row in rows]):
                failed = at.run_tests([f"tests/plugin/{row.test}" for row in rows]).whole
            unseen += [row.rule for row in rows if not any(row.names(one) for one in failed)]
    figure("lines_seen_to_be_missed", sum(map(len, groups)) - len(unseen))
    assert unseen == []
