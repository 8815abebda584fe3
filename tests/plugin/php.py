"""Debian's PHP on the command line, as `make test` brings it. A missing one fails what needs it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "connectors" / "woocommerce" / "plugin" / "doorstep"


def php() -> str:
    found = shutil.which("php")
    assert found, "There is no PHP on this machine. `make php` installs it."
    return found


def plugin_files() -> list[Path]:
    files = sorted(PLUGIN.rglob("*.php"))
    assert files, PLUGIN
    return files


def lint(file: Path) -> str:
    """What `php -l` has against a file; nothing is good."""
    done = subprocess.run(
        [php(), "-d", "display_errors=1", "-d", "error_reporting=-1", "-l", str(file)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    said = f"{done.stdout}{done.stderr}".strip()
    return "" if said == f"No syntax errors detected in {file}" and not done.returncode else said
