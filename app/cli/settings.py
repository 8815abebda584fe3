"""Where a command finds its configuration: the environment, else what a running `doorstep up` wrote."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from app.config import Config


def load() -> Config:
    """Raises ConfigError."""
    return Config.from_environ(environment(os.environ))


def environment(environ: Mapping[str, str]) -> Mapping[str, str]:
    """`environ` itself; where it names no database and `doorstep up` runs in this folder, with the
    addresses and keys of that sandbox. So a second terminal needs no set-up."""
    if environ.get("DATABASE_URL"):
        return environ
    written = environment_file(Path(environ.get("DOORSTEP_DATA") or "var"))
    if not written.exists():
        return environ
    return {**environ, **json.loads(written.read_text("utf-8"))}


def environment_file(data: Path) -> Path:
    return data / "sandbox" / "environment.json"
