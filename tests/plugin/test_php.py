"""Each file of tests in PHP is a case: PHP runs it, and every line that it prints begins with "ok"."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.plugin.php import php
from tests.proof import Figure

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*_test.php"))

_BAD = """<?php
require '{runner}';
test( 'good', function () {{ same( 1, 1 ); }} );
test( 'bad', function () {{ same( 1, 2 ); }} );
"""


def run(file: Path) -> tuple[int, list[str], str]:
    """Its end, the cases that it told of, and everything that it said."""
    done = subprocess.run(
        [php(), str(file)], capture_output=True, text=True, timeout=60, check=False, env=_environment()
    )
    told = re.findall(r"^(?:not )?ok - .*$", done.stdout, re.M)
    return done.returncode, told, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_in_php(file: Path, figure: Figure) -> None:
    ended, told, said = run(file)
    assert ended == 0, said
    assert len(told) == len(re.findall(r"^\s*test\(", file.read_text("utf-8"), re.M)) > 0, said
    assert all(line.startswith("ok - ") for line in told), said
    figure("cases", len(told))


def test_there_are_such_files() -> None:
    assert len(FILES) > 3


def test_a_case_that_fails_is_told(tmp_path: Path) -> None:
    file = tmp_path / "bad_test.php"
    file.write_text(_BAD.format(runner=HERE / "runner.php"))
    ended, told, said = run(file)
    assert ended == 1, said
    assert told == ["ok - good", "not ok - bad"]


def _environment() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("PATH", "TMPDIR", "HOME")}
