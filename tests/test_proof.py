"""The plugin that every counting test relies on, run as pytest runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

COUNTING = """
import pytest

def test_repeats(count, figure):
    assert count(3, 3000) in (3, 3000)
    figure("seconds", 0.25)

def test_plain():
    pass

@pytest.mark.proof
def test_on_data_that_not_everybody_has():
    assert data
"""


def run(folder: Path, proof: str, data: bool = True) -> str:
    (folder / "test_counting.py").write_text(f"data = {data}\n{COUNTING}")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.proof", "-p", "no:cacheprovider", "test_counting.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "DOORSTEP_PROOF": proof},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == (0 if data or not proof else 1), ran.stdout
    return ran.stdout


def test_a_reduced_run_prints_its_counts_and_writes_nothing(tmp_path: Path) -> None:
    said = run(tmp_path, "", data=False)
    assert "2 passed, 1 deselected" in said
    assert "test_counting.py::test_repeats: 3 times, seconds 0.25: passed" in said
    assert not (tmp_path / "var").exists()


def test_a_full_run_without_its_data_fails(tmp_path: Path) -> None:
    assert "1 failed, 2 passed" in run(tmp_path, "1", data=False)


def test_a_full_run_prints_and_writes_the_table(tmp_path: Path) -> None:
    said = run(tmp_path, "1")
    assert "3 passed" in said
    assert "test_repeats: 3,000 times, seconds 0.25: passed" in said
    table = json.loads((tmp_path / "var" / "reports" / "proof.json").read_text())
    assert table == [
        {
            "test": "test_counting.py::test_repeats",
            "count": 3000,
            "outcome": "passed",
            "figures": {"seconds": 0.25},
        }
    ]
