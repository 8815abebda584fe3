"""`doorstep` teaches, stays quick, and says what is missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.cli.main import COMMANDS
from app.cli.settings import environment, environment_file

HEAVY = ("alembic", "flask", "jinja2", "psycopg", "redis", "requests", "rq", "sqlalchemy")


def doorstep(*arguments: str, folder: Path, environ: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "app.cli.main", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path.cwd()), **(environ or {})},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_help_names_every_command_and_imports_none(tmp_path: Path) -> None:
    code = (
        "import sys; from app.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('loaded:', [name for name in sys.argv[2].split() if name in sys.modules])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "--help", " ".join(HEAVY)], capture_output=True, text=True, timeout=60
    )
    assert "loaded: []" in ran.stdout
    for name, line in COMMANDS.items():
        assert name in ran.stdout
        assert line.split(":")[0] in ran.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_of_its_own(name: str, tmp_path: Path) -> None:
    status, out, errors = doorstep(name, "--help", folder=tmp_path)
    assert status == 0, errors
    assert out.startswith(f"Usage: doorstep {name}")
    assert len(out.splitlines()) > 5


@pytest.mark.parametrize("name", ["serve", "work", "sweep", "migrate", "doctor"])
def test_without_configuration_everything_missing_is_listed(name: str, tmp_path: Path) -> None:
    status, _, errors = doorstep(name, folder=tmp_path)
    assert status == 1
    for variable in ("DATABASE_URL", "REDIS_URL", "DOORSTEP_SECRET", "SMTP_URL"):
        assert f"- {variable} is missing" in errors
    assert "Traceback" not in errors


def test_an_unknown_command_is_named(tmp_path: Path) -> None:
    status, _, errors = doorstep("sned", folder=tmp_path)
    assert status == 2
    assert "sned" in errors


def test_a_second_terminal_finds_the_running_sandbox(tmp_path: Path) -> None:
    here = {"DOORSTEP_DATA": str(tmp_path), "HOME": "/home"}
    assert environment(here) == here
    file = environment_file(tmp_path)
    file.parent.mkdir()
    file.write_text('{"DATABASE_URL": "postgresql://sandbox@/doorstep"}')
    assert environment(here)["DATABASE_URL"] == "postgresql://sandbox@/doorstep"
    own = {**here, "DATABASE_URL": "postgresql://own@/doorstep"}
    assert environment(own) == own
