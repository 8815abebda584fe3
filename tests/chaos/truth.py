"""The driver's own log of what it did, one JSON line each: all that the oracle believes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any


class Truth:
    def __init__(self, file: Path) -> None:
        self.file = file
        self._stream = file.open("a", encoding="utf-8")

    def log(self, what: str, at: datetime, phase: int, **more: Any) -> None:
        """`at`: virtual time at which it was done."""
        self._stream.write(
            json.dumps({"what": what, "at": at.isoformat(), "phase": int(phase), **more}) + "\n"
        )
        self._stream.flush()
