"""Bad days of a mail server, on demand: the sink reads them from a small file.

The file is a JSON list; a missing one means that nothing goes wrong. One entry:
{"kind": "refuse", "at": "data", "code": 451, "text": "try later", "times": 3, "to": "@example.com"}

kind     what the sink does
refuse   answers `code` and `text` at `at` ("connect", "mail", "rcpt", "data", "end" = after the dot)
drop     hangs up at `at` without an answer ("data": the client has begun its text but not ended it)
lose     keeps and records the mail, then hangs up instead of answering
delay    waits `seconds` before it goes on at `at`

`times`: how often (absent: until the file changes). `to`: only for recipients that contain it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

KINDS = ("refuse", "drop", "lose", "delay")
PLACES = ("connect", "mail", "rcpt", "data", "end")


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    at: str = "end"
    code: int = 451
    text: str = "Scripted refusal"
    seconds: float = 0.0
    times: int | None = None
    to: str = ""


def faults_path(folder: Path) -> Path:
    return folder / "outbox" / "faults.json"


def write_faults(path: Path, faults: Sequence[Fault]) -> None:
    """Replaces the script; an empty list heals the sink."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps([asdict(fault) for fault in faults]))
    draft.replace(path)


class FaultScript:
    """The script as the running sink sees it; counts how often each entry has struck."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version: tuple[int, int] | None = None
        self._faults: list[Fault] = []
        self._left: list[int | None] = []

    def strike(self, at: str, recipient: str = "") -> Fault | None:
        """The first entry that applies here, used up by one."""
        self._refresh()
        for index, fault in enumerate(self._faults):
            if fault.at == at and fault.to in recipient and self._left[index] != 0:
                left = self._left[index]
                self._left[index] = None if left is None else left - 1
                return fault
        return None

    def _refresh(self) -> None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            version = None
        else:
            version = (stat.st_mtime_ns, stat.st_ino)
        if version == self._version:
            return
        self._version = version
        self._faults = [] if version is None else _read(self._path)
        self._left = [fault.times for fault in self._faults]


def _read(path: Path) -> list[Fault]:
    faults = [Fault(**entry) for entry in json.loads(path.read_text())]
    for fault in faults:
        if fault.kind not in KINDS or fault.at not in PLACES:
            raise ValueError(f"{path}: unknown fault {fault}")
    return faults
