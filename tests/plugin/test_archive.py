"""The archive: the same bytes wherever it is made, complete, filled in, and what it says of itself agrees."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from connectors.woocommerce import plugin_files as made
from connectors.woocommerce.plugin_files import NO_ADDRESS, PLUGIN, plugin_archive
from tests.plugin.php import php
from tests.proof import Figure

ADDRESS = "https://mail.example.com:8443"
STUB = Path(__file__).with_name("wordpress")


def content(archive: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_is_the_same_twice(figure: Figure) -> None:
    first = plugin_archive(ADDRESS)
    assert first == plugin_archive(ADDRESS)
    assert first != plugin_archive()
    figure("bytes", len(first))


def test_another_tree_makes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other times, other rights, another order on the disk, and what editors and systems leave behind."""
    here = plugin_archive(ADDRESS)
    there = tmp_path / "doorstep"
    for file in sorted((path for path in PLUGIN.rglob("*") if path.is_file()), reverse=True):
        copy = there / file.relative_to(PLUGIN)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
        os.utime(copy, (1_000_000_000, 1_000_000_000))
    for name in (".DS_Store", "doorstep.php~", "includes/.state.php.swp", "includes/.hidden.php", "notes.md"):
        (there / name).write_text("stray")
    monkeypatch.setattr(made, "PLUGIN", there)
    assert plugin_archive(ADDRESS) == here


def test_every_file_of_the_plugin_is_in_it() -> None:
    files = {path.relative_to(PLUGIN.parent).as_posix() for path in PLUGIN.rglob("*") if path.is_file()}
    assert set(content(plugin_archive())) == files


def test_the_address_stands_where_it_must_and_nowhere_else() -> None:
    told = {name: text.count(NO_ADDRESS.encode()) for name, text in content(plugin_archive()).items()}
    assert {name: count for name, count in told.items() if count} == {
        "doorstep/app-address.php": 1,
        "doorstep/readme.txt": 3,
    }
    filled = content(plugin_archive(ADDRESS))
    assert not [name for name, text in filled.items() if b"app.example" in text]
    assert filled["doorstep/app-address.php"].count(f"'{ADDRESS}'".encode()) == 1
    readme = filled["doorstep/readme.txt"].decode()
    assert f"{ADDRESS}/terms\n" in readme and f"{ADDRESS}/privacy\n" in readme


def test_what_is_unpacked_runs_and_leads_to_its_installation(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(plugin_archive(ADDRESS))) as opened:
        opened.extractall(tmp_path)
    script = f"require '{STUB}/load.php'; boot_wordpress(); echo Doorstep\\install_address();"
    done = subprocess.run(
        [php(), "-r", script],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        env={"PATH": os.environ["PATH"], "WORDPRESS_PLUGIN": str(tmp_path / "doorstep")},
    )
    assert done.stdout == f"{ADDRESS}/woocommerce/install?shop=https%3A%2F%2Fshop.example"


def headers() -> dict[str, str]:
    main = (PLUGIN / "doorstep.php").read_text("utf-8")
    return dict(re.findall(r"^ \* ([A-Z][\w ]+): +(.+)$", main, re.M))


def test_the_headers_are_those_that_the_platform_asks_for() -> None:
    told = headers()
    assert told == told | {
        "Plugin Name": "Doorstep",
        "Requires at least": "6.7",
        "Requires PHP": "7.4",
        "Requires Plugins": "woocommerce",
        "License": "GPL-2.0-or-later",
        "Text Domain": "doorstep",
        "Domain Path": "/languages",
    }
    assert {"Version", "WC requires at least", "WC tested up to", "Description"} <= set(told)
    assert "Woo" not in told, "an id of the marketplace that we do not have"


def test_every_place_names_the_same_version() -> None:
    main = (PLUGIN / "doorstep.php").read_text("utf-8")
    readme = (PLUGIN / "readme.txt").read_text("utf-8")
    version = headers()["Version"]
    assert re.findall(r"^const VERSION = '(.+)';$", main, re.M) == [version]
    assert re.findall(r"^Stable tag: (.+)$", readme, re.M) == [version]
    assert re.findall(r"^= ([\d.]+) =$", readme, re.M)[0] == version
    for name in ("Requires at least", "Requires PHP", "License", "License URI"):
        assert re.findall(rf"^{name}: (.+)$", readme, re.M) == [headers()[name]], name


def test_the_readme_is_one_that_the_directory_takes() -> None:
    readme = (PLUGIN / "readme.txt").read_text("utf-8")
    lines = readme.splitlines()
    assert lines[0] == "=== Doorstep ==="
    fields = dict(line.split(": ", 1) for line in lines[1 : lines.index("")])
    assert {"Contributors", "Tags", "Requires at least", "Tested up to", "Requires PHP", "Stable tag"} <= set(
        fields
    )
    assert len(fields["Tags"].split(",")) <= 5
    assert 0 < len(lines[lines.index("") + 1]) <= 150, "the short description"
    sections = re.findall(r"^== (.+) ==$", readme, re.M)
    assert sections == [
        "Description",
        "Installation",
        "Frequently Asked Questions",
        "External services",
        "Changelog",
    ]
    assert len(readme.encode()) < 10_000
