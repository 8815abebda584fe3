"""`doorstep extension` writes a folder that is complete and filled in."""

from __future__ import annotations

import json
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.main import group

GOOD = {"DOORSTEP_ADDRESS": "https://mail.example.com", "SHOPIFY_API_KEY": "5f1d0c6a7be94b3c"}


def run(folder: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    told = ["extension", "--to", str(folder), *arguments]
    ran = CliRunner().invoke(group, told, env={**GOOD, **environ}, prog_name="doorstep")
    return ran.exit_code, ran.output


def test_the_folder_is_ready_to_be_published(tmp_path: Path) -> None:
    folder = tmp_path / "shopify"
    assert run(folder)[0] == 0
    assert run(folder)[0] == 0, "again, over what it wrote itself"
    configuration = (folder / "shopify.app.toml").read_text("utf-8")
    told = tomllib.loads(configuration)
    assert told["client_id"] == GOOD["SHOPIFY_API_KEY"]
    assert told["app_proxy"]["url"] == "https://mail.example.com/proxy/shopify"
    assert "YOUR_CLIENT_ID" not in configuration and "YOUR_ADDRESS" not in configuration
    theme, block = folder / "extensions" / "doorstep", folder / "extensions" / "track-order"
    assert {file.name for file in (theme / "assets").iterdir()} == {"doorstep.css", "reviews.js", "stars.js"}
    assert (block / "src" / "address.js").read_text("utf-8") == (
        'export const ADDRESS = "https://mail.example.com";\n'
    )
    assert json.loads((folder / "package.json").read_text("utf-8"))["workspaces"] == ["extensions/*"]
    with zipfile.ZipFile(tmp_path / "shopify.zip") as archive:
        files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
        assert {name for name in archive.namelist() if not name.endswith("/")} == files


@pytest.mark.parametrize(
    "environ",
    [
        {"DOORSTEP_ADDRESS": "http://mail.example.com"},
        {"DOORSTEP_ADDRESS": "https://mail.example.com/path"},
        {"DOORSTEP_ADDRESS": 'https://mail.example.com"'},
        {"SHOPIFY_API_KEY": 'x" name = "y'},
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, environ: dict[str, str]) -> None:
    assert run(tmp_path / "shopify", **environ)[0] == 2
    assert not (tmp_path / "shopify").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    assert run(tmp_path)[0] == 2
    assert (tmp_path / "kept").read_text() == "mine"
