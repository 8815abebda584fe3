"""`doorstep plugin` writes the archive for one installation."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.main import group


def run(file: Path, **environ: str) -> tuple[int, str]:
    ran = CliRunner().invoke(group, ["plugin", "--to", str(file)], env=environ, prog_name="doorstep")
    return ran.exit_code, ran.output


def address_in(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read("doorstep/app-address.php").decode().split("APP_ADDRESS = '")[1].split("'")[0]


def test_it_names_the_installation(tmp_path: Path) -> None:
    file = tmp_path / "new" / "doorstep.zip"
    ended, said = run(file, DOORSTEP_ADDRESS="https://mail.example.com")
    assert ended == 0 and "for https://mail.example.com" in said
    assert address_in(file) == "https://mail.example.com"
    first = file.read_bytes()
    assert run(file, DOORSTEP_ADDRESS="https://mail.example.com")[0] == 0, "again, over what it wrote itself"
    assert file.read_bytes() == first


def test_without_an_address_it_says_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "doorstep.zip"
    ended, said = run(file, DOORSTEP_ADDRESS="")
    assert ended == 0 and "DOORSTEP_APP" in said
    assert address_in(file) == "https://app.example"


@pytest.mark.parametrize(
    "address",
    ["http://mail.example.com", "https://mail.example.com/", "https://mail.example.com/path", "https://a'.b"],
)
def test_what_cannot_be_is_refused(tmp_path: Path, address: str) -> None:
    file = tmp_path / "doorstep.zip"
    assert run(file, DOORSTEP_ADDRESS=address)[0] == 2
    assert not file.exists()


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("mine")
    assert run(kept, DOORSTEP_ADDRESS="https://mail.example.com")[0] == 2
    assert kept.read_text() == "mine"
