"""The files of the project: those that git keeps, and those that are about to be."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# Where what runs in production stands.
ROOMS = ("app", "connectors", "emails", "flows", "migrations", "static", "wire")
# A copy of the project has no history: there every file counts that is none of these.
_NOT_OURS = {".git", ".venv", "node_modules", "var", "__pycache__", "vendor", ".mypy_cache", ".ruff_cache"}


@cache
def tracked() -> tuple[Path, ...]:
    if not (ROOT / ".git").exists():
        return tuple(_walked(ROOT))
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    names = [os.fsdecode(name) for name in told.split(b"\0") if name]
    return tuple(path for path in (ROOT / name for name in names) if path.is_file())


def of_product(*endings: str) -> list[Path]:
    """Files of the rooms with one of these endings."""
    return sorted(
        path for path in tracked() if path.relative_to(ROOT).parts[0] in ROOMS and path.name.endswith(endings)
    )


def read(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def _walked(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_OURS or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walked(path)
        else:
            yield path
