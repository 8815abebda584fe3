"""Mails that were compiled are kept beside the code, under a name that says what they were made from."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emails.compiling import stored as kept
from emails.compiling.compiled import parts_of
from emails.compiling.source import FOLDER

MAIL = "review_request/ask"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Code and templates of this test alone."""
    shutil.copytree(FOLDER, tmp_path / "templates")
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "templates")
    monkeypatch.setattr(kept, "_HERE", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def forget() -> None:
    kept.stored.cache_clear()
    kept._place.cache_clear()


def test_what_is_kept_is_what_was_compiled(place: Path) -> None:
    assert kept.stored() == {}
    parts = parts_of(MAIL)
    kept.store({MAIL: parts})
    forget()
    assert kept.stored() == {MAIL: parts}
    assert len(list((place / "__pycache__").iterdir())) == 1, "no half file is left"


def test_another_source_finds_nothing(place: Path) -> None:
    kept.store({MAIL: parts_of(MAIL)})
    (place / "templates" / "parts.j2").write_text("{# else #}")
    forget()
    assert kept.stored() == {}


@pytest.mark.parametrize("broken", [b"", b"nonsense", b"\xe3\x01"])
def test_a_broken_file_is_none(place: Path, broken: bytes) -> None:
    kept.store({MAIL: parts_of(MAIL)})
    (file,) = (place / "__pycache__").iterdir()
    file.write_bytes(broken)
    forget()
    assert kept.stored() == {}


def test_whoever_wants_no_such_files_gets_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept.store({MAIL: parts_of(MAIL)})
    assert not (place / "__pycache__").exists()
