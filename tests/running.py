"""A whole Doorstep, started as `doorstep up` starts it, for tests that talk to it from outside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from app.cli.places import short_folder
from tests.memory import quick_folder
from tests.ports import free_ports, is_free

SCHEMA = Path("var/schema")


@dataclass
class Start:
    """One `doorstep up`; `said` grows as it speaks."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    said: Path

    def until(self, words: str, within: float = 200.0) -> float:
        """Seconds until the words are said."""
        began = time.monotonic()
        while words not in self.said.read_text():
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() - began < within, self.said.read_text()
            time.sleep(0.05)
        return time.monotonic() - began

    def get(self, offset: int, path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.port + offset}{path}", timeout=30)

    def environ(self) -> dict[str, str]:
        """Of a second terminal."""
        return {**os.environ, "DOORSTEP_DATA": str(self.data)}

    def command(self, *arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "app.cli.main", *arguments],
            env=self.environ(),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return ran.stdout


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="doorstep-up-", dir=quick_folder()))
    folder.chmod(0o711)
    shutil.copytree(SCHEMA, folder / "schema")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(short_folder(folder), ignore_errors=True)


def begin(data: Path, *options: str) -> Start:
    port, said = free_ports(), data / "said"
    with said.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", "up", *options],
            env={**os.environ, "DOORSTEP_DATA": str(data), "PORT": str(port)},
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Start(process, data, port, said)


def traces(data: Path) -> list[str]:
    """Processes that belong to the folder: by where they run, what they were told, or their command."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            told = process.environ().get("DOORSTEP_DATA") == str(data) and "pytest" not in process.cmdline()
            if told or str(data) in " ".join((process.cwd(), *process.cmdline())):
                found.append(f"{process.pid} {' '.join(process.cmdline())}")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def nothing_left(start: Start, within: float = 60.0) -> None:
    end = time.monotonic() + within
    while left := traces(start.data):
        assert time.monotonic() < end, left
        time.sleep(0.1)
    assert all(is_free(start.port + offset) for offset in range(4))
