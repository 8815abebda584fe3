"""A copy of the project in which one line is missing, and the one test that has to notice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.security.checks.guarded import GUARDED, Guard
from tests.security.checks.tree import ROOT, read, tracked

# Made on each machine, and only read here.
_LENT = (".venv", "node_modules", "var/schema", "static/vendor")
_PICTURES = ROOT / "docs" / "screens"


@dataclass(frozen=True)
class Seen:
    """`failed`: the tests that failed, by their names; `whole`: by file, name and case; `said`: the last line
    of pytest."""

    failed: frozenset[str]
    whole: frozenset[str]
    said: str


class Copy:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, checks: Iterable[str]) -> Seen:
        """The tests of these checks."""
        tests = (test_of(check) for check in checks)
        return self.run_tests([f"{path.relative_to(ROOT)}::{name}" for path, name in tests])

    def run_tests(self, names: Iterable[str]) -> Seen:
        """In a process that finds the copy's code before any other."""
        environment = {**os.environ, "DOORSTEP_PROOF": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rfE", *names],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        lines = done.stdout.strip().splitlines() or [done.stderr[-300:]]
        if done.returncode not in (0, 1) or any(line.startswith("ERROR ") for line in lines):
            raise AssertionError(f"the tests did not run: {lines[-1]}\n{done.stderr[-2000:]}")
        whole = re.findall(r"^FAILED (\S+)", done.stdout, re.M)
        failed = re.findall(r"^FAILED \S+::(test_[a-z0-9_]+)", done.stdout, re.M)
        return Seen(frozenset(failed), frozenset(whole), lines[-1])

    @contextmanager
    def without(self, guards: Iterable[Guard]) -> Iterator[None]:
        """Raises AssertionError where a line is not there any more."""
        kept: dict[Path, str] = {}
        for guard in guards:
            path = self.folder / guard.file
            text = kept.setdefault(path, path.read_text("utf-8")) and path.read_text("utf-8")
            assert text.count(guard.old) == 1, f"{guard.file} does not hold once: {guard.old}"
            path.write_text(text.replace(guard.old, guard.new), "utf-8")
        try:
            yield
        finally:
            for path, text in kept.items():
                path.write_text(text, "utf-8")


@contextmanager
def copy() -> Iterator[Copy]:
    """The project's files as they are at this moment; what was installed is lent."""
    with tempfile.TemporaryDirectory(prefix="doorstep-copy-") as place:
        folder = Path(place)
        for path in tracked():
            if _PICTURES in path.parents:
                continue
            there = folder / path.relative_to(ROOT)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, there)
        for name in _LENT:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(ROOT / name)
        folder.chmod(0o755)
        yield Copy(folder)


@cache
def test_of(check: str) -> tuple[Path, str]:
    """The file and the name of the check's test. Raises AssertionError where there is none, or two."""
    name = f"test_{check.lower()}"
    found = [
        path
        for path in Path(__file__).parent.glob("test_*.py")
        if re.search(rf"^def {name}\(", read(path), re.M)
    ]
    assert len(found) == 1, f"{name} stands in {len(found)} files"
    return found[0], name


test_of.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test


def row_of(check: str) -> str:
    """The check's row in docs/shopify.md."""
    path, name = test_of(check)
    guard = GUARDED[check]
    line = next(part for part in guard.old.splitlines() if part).strip().replace("|", "\\|")
    return f"| `{check}` | `{path.name}::{name}` | `{guard.file}` | `{line}` |"
