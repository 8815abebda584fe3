"""`doorstep` teaches, stays quick, and says what is missing."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.main import COMMANDS, group
from app.cli.settings import environment, environment_file
from app.config import ConfigError

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
def test_every_command_has_a_help_of_its_own(name: str) -> None:
    ran = CliRunner().invoke(group, [name, "--help"], prog_name="doorstep")
    assert ran.exit_code == 0, ran.output
    assert ran.output.startswith(f"Usage: doorstep {name}")
    assert len(ran.output.splitlines()) > 5


@pytest.mark.parametrize("name", ["work", "sweep", "migrate", "doctor"])
def test_no_command_starts_without_configuration(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.chdir("/")
    assert isinstance(CliRunner().invoke(group, [name]).exception, ConfigError)


def test_everything_missing_is_listed(tmp_path: Path) -> None:
    status, _, errors = doorstep("serve", folder=tmp_path)
    assert status == 1
    for variable in ("DATABASE_URL", "REDIS_URL", "DOORSTEP_SECRET", "SMTP_URL"):
        assert f"- {variable} is missing" in errors
    assert "Traceback" not in errors


def test_an_unknown_command_is_named(tmp_path: Path) -> None:
    status, _, errors = doorstep("sned", folder=tmp_path)
    assert status == 2
    assert "sned" in errors


def test_servers_that_are_away_are_said_in_words(tmp_path: Path) -> None:
    nowhere = f"postgresql://app@/doorstep?host={tmp_path}"
    whole = {
        "DOORSTEP_ADDRESS": "http://127.0.0.1:8000",
        "DATABASE_URL": nowhere,
        "MIGRATION_DATABASE_URL": nowhere,
        "REDIS_URL": f"unix://{tmp_path}/nothing.sock",
        "DOORSTEP_SECRET": "s" * 32,
        "DOORSTEP_ENCRYPTION_KEYS": base64.urlsafe_b64encode(b"k" * 32).decode(),
        "SMTP_URL": "smtp://127.0.0.1:2525",
        "MAIL_FROM_DOMAIN": "mail.example.com",
    }
    for name in ("shops", "migrate"):
        status, _, errors = doorstep(name, folder=tmp_path, environ=whole)
        assert status == 1
        assert errors.startswith("The database does not answer: ")
        assert "doorstep doctor" in errors
        assert "Traceback" not in errors
    status, out, _ = doorstep("doctor", folder=tmp_path, environ=whole)
    assert status == 1
    assert "2 things to put right." in out


def test_a_second_terminal_finds_the_running_sandbox(tmp_path: Path) -> None:
    here = {"DOORSTEP_DATA": str(tmp_path), "HOME": "/home"}
    assert environment(here) == here
    file = environment_file(tmp_path)
    file.parent.mkdir()
    file.write_text('{"DATABASE_URL": "postgresql://sandbox@/doorstep"}')
    assert environment(here)["DATABASE_URL"] == "postgresql://sandbox@/doorstep"
    own = {**here, "DATABASE_URL": "postgresql://own@/doorstep"}
    assert environment(own) == own
